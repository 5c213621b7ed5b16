package terms

import "testing"

var suspicious = []string{"mimikatz", "-enc", "downloadstring", "invoke-expression", "frombase64string", "net user", "whoami", "schtasks", "vssadmin", "wevtutil", "bcdedit", `\temp\evil`, "certutil", "bitsadmin", "regsvr32", "mshta", "wmic", "procdump", "lsass", "ntdsutil"}

func BenchmarkHasAny(b *testing.B) {
	ls := lines(100_000)
	for name, needles := range map[string][]string{"20": suspicious, "short": append([]string{"iex", "-e"}, suspicious...),
		"long": {"mimikatz", "downloadstring", "invoke-expression", "frombase64string"}} {
		b.Run(name, func(b *testing.B) {
			s := NewSet(needles)
			b.ReportAllocs()
			hits := 0
			for i := range b.N {
				if s.Any(ls[i%len(ls)]) {
					hits++
				}
			}
			b.ReportMetric(100*float64(hits)/float64(b.N), "%hit")
		})
	}
}
