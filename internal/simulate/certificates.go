package simulate

import (
	"strings"

	"github.com/harrier-hunting/harrier/internal/types"
)

// certificate reports the certificate of a program that is new to the device.
func (d *device) certificate(img *image) {
	if d.class.has("linux") || d.seen[img.sha1] || d.w.now < d.w.start {
		return
	}
	d.seen[img.sha1] = true
	r := d.row(tCertificate, "")
	m := img.prog.maker
	r.put("SHA1", text(img.sha1))
	r.put("IsSigned", yes(m.signer != ""))
	r.put("IsTrusted", yes(m.signer != ""))
	r.put("IsRootSignerMicrosoft", yes(m.root))
	if m.signer == "" {
		return
	}
	kind := "Embedded"
	if m.catalogue {
		kind = "Catalog"
	}
	signer, issuer, serial := signerHash(m.signer), signerHash(m.issuer), signerHash(m.signer+m.issuer)
	r.put("SignatureType", text(kind))
	r.put("Signer", text(m.signer))
	r.put("SignerHash", text(signer))
	r.put("Issuer", text(m.issuer))
	r.put("IssuerHash", text(issuer))
	r.put("CertificateSerialNumber", text("33"+serial[:36]))
	r.put("CrlDistributionPointUrls", text(`["http://crl.pki.example/`+issuer[:12]+`.crl"]`))
	age := int64(100+stable(500, m.signer)) * day
	r.put("CertificateCreationTime", types.DatetimeValue(d.w.start-age))
	r.put("CertificateExpirationTime", types.DatetimeValue(d.w.start-age+int64(730+stable(400, m.key))*day))
	r.put("CertificateCountersignatureTime", types.DatetimeValue(d.w.start-age/2))
}

func signerHash(name string) string {
	h, _, _ := hashes("certificate " + strings.ToLower(name))
	return h
}
