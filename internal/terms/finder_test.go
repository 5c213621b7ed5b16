package terms

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// lines makes n command lines of about 150 bytes, always the same ones.
func lines(n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	dirs := []string{`C:\Windows\System32\`, `C:\Program Files\Google\Chrome\Application\`, `C:\Users\bob.smith\AppData\Local\Temp\`, `"C:\Program Files (x86)\Microsoft\Edge\Application\`, `/usr/lib/systemd/`, `C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.23110.3-0\`}
	exes := []string{"svchost.exe", "chrome.exe", "powershell.exe", "cmd.exe", "rundll32.exe", "msedge.exe", "conhost.exe", "MpCmdRun.exe", "taskhostw.exe", "RuntimeBroker.exe"}
	args := []string{"-k netsvcs -p -s Schedule", "--type=renderer --field-trial-handle=1718,i,1234567890123,87654321", "/c echo hello > out.txt", "-NoProfile -ExecutionPolicy Bypass -File", "--lang=en-US --device-scale-factor=1", "-EncodedCommand", "--mojo-platform-channel-handle=2140 /prefetch:8", "0xffffffff -ForceV1", "Scan -ScheduleJob -RestrictPrivileges", "user32.dll,LockWorkStation", "http://example.com/a/b?c=d&e=f", "--enable-features=PdfOopif,ReportUkm"}
	out := make([]string, n)
	for i := range out {
		var b strings.Builder
		b.WriteString(dirs[r.IntN(len(dirs))] + exes[r.IntN(len(exes))])
		for size := 110 + r.IntN(60); b.Len() < size; {
			b.WriteString(" " + args[r.IntN(len(args))])
			if r.IntN(4) == 0 {
				fmt.Fprintf(&b, " %x", r.Uint64())
			}
		}
		out[i] = b.String()
	}
	return out
}

func BenchmarkFinder(b *testing.B) {
	ls := lines(100_000)
	size := 0
	for _, l := range ls {
		size += len(l)
	}
	for _, mode := range []Mode{FoldCase, FoldCase | Term, Term, 0} {
		for _, needle := range []string{"powershell", "mimikatz", "-enc", "net", "temp", "e", "application", "schtasks.exe"} {
			b.Run(fmt.Sprintf("%d/%s", mode, needle), func(b *testing.B) {
				b.SetBytes(int64(size / len(ls)))
				b.ReportAllocs()
				f := NewFinder(needle, mode)
				hits := 0
				for i := range b.N {
					if f.In(ls[i%len(ls)]) {
						hits++
					}
				}
				b.ReportMetric(100*float64(hits)/float64(b.N), "%hit")
			})
		}
	}
}

func BenchmarkContainsLower(b *testing.B) {
	ls := lines(100_000)
	re := regexp.MustCompile("(?i)mimikatz")
	for i := range b.N {
		if re.MatchString(ls[i%len(ls)]) {
			b.Fatal("hit")
		}
	}
}
