package simulate

import (
	"fmt"
	"strconv"
)

// discovered is a device that others saw on the network but that reports
// nothing itself: printers, switches, machines that nobody has onboarded.
type discovered struct {
	id, name                   string
	category, kind, os, status string
	vendor, model              string
	site                       *site
	number                     int64
}

// discover makes a few such devices, and lets the service report them daily.
func (w *world) discover() {
	kinds := [...]discovered{
		{category: "NetworkDevice", kind: "Switch", status: "Unsupported", vendor: "Example Networks", model: "SW-48"},
		{category: "IoT", kind: "Printer", status: "Unsupported", vendor: "HP", model: "LaserJet Managed E50145"},
		{category: "Endpoint", kind: "Workstation", os: "Windows10", status: "Can be onboarded", vendor: "Dell Inc.", model: "OptiPlex 5040"},
		{category: "IoT", kind: "AudioAndVideo", status: "Unsupported", vendor: "Example Displays", model: "Meet-65"},
		{category: "Endpoint", kind: "Unknown", status: "Insufficient info"},
		{category: "Endpoint", kind: "Server", os: "Linux", status: "Can be onboarded", vendor: "VMware, Inc.", model: "VMware7,1"},
	}
	for i := range 5 + w.o.Devices/12 {
		x := kinds[i%len(kinds)]
		x.site = &sites[i%len(sites)]
		x.id, _, _ = hashes("discovered " + strconv.FormatUint(w.o.Seed, 10) + strconv.Itoa(i))
		x.name = fmt.Sprintf("%s-%03d", map[string]string{"NetworkDevice": "net", "IoT": "iot", "Endpoint": "unk"}[x.category], i+1)
		w.at(w.start+int64(stable(24*60, x.id))*minute+1, func() { w.sighted(&x) })
	}
}

// sighted is one report about a discovered device.
func (w *world) sighted(x *discovered) {
	x.number++
	r := w.tables[tInfo].add()
	r.put("Timestamp", datetime(w.now))
	r.put("DeviceId", text(x.id))
	r.put("DeviceName", text(x.name))
	r.put("ReportId", number(x.number))
	r.put("PublicIP", text(x.site.publicIP))
	r.put("OSPlatform", text(x.os))
	r.put("DeviceCategory", text(x.category))
	r.put("DeviceType", text(x.kind))
	r.put("Vendor", text(x.vendor))
	r.put("Model", text(x.model))
	r.put("OnboardingStatus", text(x.status))
	r.put("SensorHealthState", text("Inactive"))
	r.put("Site", text(x.site.name))
	r.put("DiscoverySources", text(`["DeviceDiscovery"]`))
	r.put("IsInternetFacing", yes(false))
	r.put("LoggedOnUsers", text("[]"))
	w.at(w.now+day, func() { w.sighted(x) })
}
