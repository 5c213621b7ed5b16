package simulate

import (
	"fmt"
	"strconv"
	"strings"
)

// beatEvery is how often devices report their state. The service does it
// every quarter of an hour or so; here reports must not crowd out the events.
func (o Options) beatEvery() int64 {
	for _, h := range [...]int64{1, 2, 3, 4, 6, 8} {
		if int64(o.Devices)*int64(o.Days)*24/h*5/2*12 < o.Events {
			return h * hour
		}
	}
	return 12 * hour
}

// beats reports the device's state again and again.
func (d *device) beats() {
	every := d.w.o.beatEvery()
	first := d.w.start + int64(stable(int(every/minute), d.id, "beat"))*minute + d.dice.between(1, minute)
	var next func()
	next = func() {
		if d.power == on {
			d.beat()
		}
		d.w.at(d.w.now+every, next)
	}
	d.w.at(first, next)
}

// beat is one report.
func (d *device) beat() {
	d.deviceInfo()
	d.networkInfo()
}

func (d *device) deviceInfo() {
	r := d.row(tInfo, "")
	r.system(d)
	client := "10.8760." + strconv.FormatInt(d.os.build, 10) + "." + strconv.FormatInt(d.os.patch, 10)
	if d.class.unix() {
		client = "101.24052.0002"
	}
	r.put("ClientVersion", text(client))
	r.put("PublicIP", text(d.publicIP()))
	r.put("OSArchitecture", text("64-bit"))
	r.put("OSVersionInfo", text(d.os.info))
	r.put("OSDistribution", text(d.os.distro))
	if d.os.build > 0 {
		r.put("OSBuild", number(d.os.build))
		r.put("OsBuildRevision", text(strconv.FormatInt(d.os.patch, 10)))
	}
	joined := !d.class.unix() && !d.class.server
	r.put("IsAzureADJoined", yes(joined))
	if joined {
		r.put("JoinType", text("Hybrid Azure AD Join"))
		r.put("AadDeviceId", text(stableGUID("aad "+d.id)))
	} else if !d.class.unix() {
		r.put("JoinType", text("Domain Joined"))
	}
	r.put("LoggedOnUsers", text(d.loggedOn()))
	r.put("MachineGroup", text(d.group))
	r.put("OnboardingStatus", text("Onboarded"))
	r.put("DeviceCategory", text("Endpoint"))
	kind := "Workstation"
	if d.class.server {
		kind = "Server"
	}
	r.put("DeviceType", text(kind))
	r.put("DeviceSubtype", text(kind))
	r.put("Vendor", text(d.vendor))
	r.put("Model", text(d.model))
	r.put("IsInternetFacing", yes(d.exposed))
	r.put("SensorHealthState", text("Active"))
	r.put("IsExcluded", yes(false))
	r.put("ExposureLevel", text(d.exposure()))
	r.put("AssetValue", text(map[bool]string{true: "High", false: "Normal"}[d.class.server]))
	r.put("DeviceManualTags", text(d.tags()))
	r.put("DeviceDynamicTags", text(`["Site `+d.site.name+`"]`))
	r.put("RegistryDeviceTag", text(d.site.name))
	r.put("ConnectivityType", text("Streamlined"))
	r.put("HardwareUuid", text(stableGUID("hardware "+d.id)))
	r.put("CloudPlatforms", text("[]"))
	r.put("IsTransient", yes(false))
	r.put("Site", text(d.site.name))
	r.put("DiscoverySources", text(`["MicrosoftDefenderForEndpoint"]`))
	r.put("MitigationStatus", text(`{"isolated":"false","contained":"false"}`))
	fields := "{}"
	if d.exposed {
		fields = `{"InternetFacingReason":"PublicScan","InternetFacingLocalIp":` + quote(d.ip) + `,"InternetFacingLocalPort":3389,` +
			`"InternetFacingPublicScannedIp":` + quote(d.publicIP()) + `,"InternetFacingPublicScannedPort":3389,"InternetFacingTransportProtocol":"Tcp"}`
	}
	r.put("AdditionalFields", text(fields))
}

func (d *device) exposure() string {
	return [...]string{"Low", "Low", "Medium", "Medium", "High"}[stable(5, d.id, "exposure")]
}

func (d *device) tags() string {
	var tags []string
	if d.pilot() {
		tags = append(tags, `"pilot"`)
	}
	if d.laptop {
		tags = append(tags, `"laptop"`)
	}
	return "[" + strings.Join(tags, ",") + "]"
}

// loggedOn is the JSON of who has a session.
func (d *device) loggedOn() string {
	var users []string
	for _, l := range [...]*login{d.console, d.remote} {
		if l != nil {
			users = append(users, fmt.Sprintf(`{"UserName":%s,"DomainName":"CONTOSO","Sid":%s}`, quote(l.account.name), quote(l.account.sid)))
		}
	}
	return "[" + strings.Join(users, ",") + "]"
}

// adapter is a network adapter.
type adapter struct{ name, kind, status, mac, tunnel string }

// networkInfo reports the adapters: the one in use, and one that is not.
func (d *device) networkInfo() {
	used := adapter{"{" + strings.ToUpper(stableGUID("adapter "+d.id)) + "}", "Ethernet", "Up", d.mac, "None"}
	if d.laptop {
		used.kind = "Wireless80211"
	}
	if d.class.unix() {
		used.name = map[bool]string{true: "en0", false: "eth0"}[d.class.has("mac")]
	}
	r := d.adapterRow(used)
	net, gateway := d.localIP(), gatewayOf(d.localIP())
	domain := !d.atHome && !d.class.unix()
	name, category := domainName, "Domain"
	if d.atHome {
		name, category = "Home network", "Public"
	} else if !domain {
		name, category = "Site "+d.site.name, "Private"
	}
	r.put("ConnectedNetworks", text(`[{"Name":`+quote(name)+`,"Description":`+quote(name)+`,"IsConnectedToInternet":true,"Category":"`+category+`"}]`))
	r.put("DnsAddresses", text("["+quote(d.w.dc.ip)+"]"))
	r.put("IPv4Dhcp", text(gateway))
	r.put("DefaultGateways", text("["+quote(gateway)+"]"))
	addresses := `[{"IPAddress":` + quote(net) + `,"SubnetPrefix":24,"AddressType":"Private"}`
	if !d.atHome {
		addresses += `,{"IPAddress":` + quote(d.ip6) + `,"SubnetPrefix":64,"AddressType":"Public"}`
	}
	r.put("IPAddresses", text(addresses+`,{"IPAddress":"fe80::`+strings.ToLower(d.mac[9:11]+d.mac[12:14]+":"+d.mac[15:17])+`","SubnetPrefix":64,"AddressType":"LinkLocal"}]`))
	if domain {
		r.put("NetworkAdapterDnsSuffix", text(domainName))
	}
	if d.laptop && !d.class.unix() {
		spare := adapter{"{" + strings.ToUpper(stableGUID("spare "+d.id)) + "}", "Ethernet", "Down", "02-00-5F" + d.mac[8:], "None"}
		r := d.adapterRow(spare)
		r.put("IPAddresses", text("[]"))
		r.put("ConnectedNetworks", text("[]"))
	}
}

func (d *device) adapterRow(a adapter) row {
	r := d.row(tNetworkInfo, "")
	r.put("NetworkAdapterName", text(a.name))
	r.put("MacAddress", text(a.mac))
	r.put("NetworkAdapterType", text(a.kind))
	r.put("NetworkAdapterStatus", text(a.status))
	r.put("TunnelType", text(a.tunnel))
	r.put("NetworkAdapterVendor", text(map[bool]string{true: "Apple", false: "Intel Corporation"}[d.class.has("mac")]))
	r.put("OnboardingStatus", text("Onboarded"))
	return r
}

// gatewayOf is the first address of a network.
func gatewayOf(ip string) string { return ip[:strings.LastIndexByte(ip, '.')] + ".1" }
