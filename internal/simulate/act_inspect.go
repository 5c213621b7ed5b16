package simulate

import "strconv"

// The sensor reads protocols on the wire; these events have no process.

// sawTLS reports a TLS handshake.
func (d *device) sawTLS(name string, c connection) {
	c.action, c.url = "SslConnectionInspected", name
	c.fields = `{"direction":"Out","established":"true","version":"TLSv12","cipher":"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384","curve":"x25519",` +
		`"server_name":` + quote(name) + `,"subject":` + quote("CN="+name) + `,"issuer":"CN=Example TLS CA 1,O=Example Trust Services","next_protocol":"h2","resumed":"false"}`
	d.connection(nil, c)
}

var userAgents = [...]string{"Microsoft-CryptoAPI/10.0", "Microsoft-Delivery-Optimization/10.1", "Microsoft NCSI",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
	"Windows-Update-Agent/1023.1020.2172.0 Client-Protocol/2.71", "curl/8.7.1", "python-requests/2.32.3",
	"Debian APT-HTTP/1.3 (2.4.12)", "Microsoft BITS/7.8"}

// inspect reports one of the other inspections.
func inspect(d *device, _ *process) bool {
	web := d.w.lib.hosts["web"].list.pick(d.dice)
	c := connection{remoteIP: addressOf(web.name), protocol: "Tcp"}
	switch n := d.dice.below(100); {
	case n < 45:
		d.sawDNS(web.name)
		return true
	case n < 70:
		word := words[d.dice.below(len(words))]
		agent := zipfPick(d.dice, len(userAgents))
		c.action, c.remotePort, c.url = "HttpConnectionInspected", 80, "http://"+web.name+"/"+word
		c.fields = `{"direction":"Out","host":` + quote(web.name) + `,"method":"` + [...]string{"GET", "GET", "GET", "POST", "HEAD"}[d.dice.below(5)] +
			`","request_body_len":"0","response_body_len":"` + strconv.FormatInt(d.dice.between(0, 90000), 10) +
			`","status_code":"200","status_msg":"OK","tags":"[]","trans_depth":"1","uri":"/` + word + `","user_agent":` +
			quote(userAgents[agent]) + `,"version":"1.1"}`
	case n < 82:
		d.sawTLS(web.name, connection{remoteIP: addressOf(web.name), remotePort: 443, protocol: "Tcp"})
		return true
	case n < 92:
		c.action, c.remotePort = "NetworkSignatureInspected", 53
		c.remoteIP = d.w.dc.ip
		c.fields = `{"SignatureName":"` + [...]string{"DNS_Request", "SSL", "HTTP_Client", "SSH"}[d.dice.below(4)] +
			`","SignatureMatchedContent":"` + d.dice.hex(16) + `","SamplePacketContent":"[]"}`
	default:
		other := d.w.anyOf(d.dice, d.w.servers)
		c.action, c.remoteIP, c.remotePort, c.localPort, c.protocol = "IcmpConnectionInspected", other.ip, 0, 8, "Icmp"
		c.fields = `{"direction":"Out","conn_state":"OTH","orig_pkts":"4","resp_pkts":"4","service":""}`
	}
	d.connection(nil, c)
	return true
}

// sawDNS reports a query to the domain controller.
func (d *device) sawDNS(name string) {
	code := "NOERROR"
	if d.dice.chance(60) {
		code, name = "NXDOMAIN", "wpad."+name
	}
	d.connection(nil, connection{action: "DnsConnectionInspected", remoteIP: d.w.dc.ip, remotePort: 53, protocol: "Udp", url: name,
		fields: `{"direction":"Out","conn_state":"SF","query":` + quote(name) + `,"qtype_name":"A","qclass_name":"C_INTERNET","rcode_name":"` +
			code + `","answers":"[\"` + addressOf(name) + `\"]","AA":"false","RA":"true","RD":"true","TTLs":"[` +
			strconv.FormatInt(d.dice.between(20, 3600), 10) + `]"}`})
}

// zipfPick is an index below n, the small ones more often.
func zipfPick(d dice, n int) int {
	return d.below(1 + d.below(n))
}
