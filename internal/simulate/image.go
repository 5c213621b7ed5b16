package simulate

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// image is a program in a version, as it lies on a device's disk.
type image struct {
	prog                      *program
	file, folder, path, lower string
	version                   string
	size                      int64
	sha1, sha256, md5         string
	company, product          string
	internal, original        string
	description               string
	signerType, signature     string
}

// imageKey tells images apart. Most are the same on all devices of a system.
type imageKey struct {
	prog    *program
	version string
	home    string
}

// image gives a program as it is on a device; home is the folder of the
// account it is installed for, if it is one of those programs.
func (d *device) image(p *program, home string) *image {
	version := d.versionOf(p)
	if !p.perUser() {
		home = ""
	}
	key := imageKey{p, version, home}
	if img := d.w.images[key]; img != nil {
		return img
	}
	img := newImage(p, version, d.folder(p, version, home), d.separator())
	d.w.images[key] = img
	return img
}

func newImage(p *program, version, folder, separator string) *image {
	i := &image{prog: p, file: p.file, version: version, folder: folder, path: folder + separator + p.file,
		company: p.maker.company, product: p.product, internal: p.internal, original: p.original,
		description: p.description, signerType: p.maker.class, signature: "Valid"}
	i.lower = i.path
	if separator == `\` {
		i.lower = strings.ToLower(i.path)
	} else {
		// Unix programs carry no version resource.
		i.company, i.product, i.internal, i.original, i.description, i.version = "", "", "", "", "", ""
	}
	if p.maker.signer == "" {
		i.signature = "Unsigned"
	}
	content := p.file + "\n" + version + "\n" + p.maker.key
	i.size = p.size*1024 + int64(stable(1024, content))&^7
	i.sha1, i.sha256, i.md5 = hashes(content)
	return i
}

// hashes are those of a content, which its name stands for.
func hashes(content string) (h1, h256, h5 string) {
	a, b, c := sha1.Sum([]byte(content)), sha256.Sum256([]byte(content)), md5.Sum([]byte(content))
	var out [2 * (sha1.Size + sha256.Size + md5.Size)]byte
	hex.Encode(out[:], a[:])
	hex.Encode(out[40:], b[:])
	hex.Encode(out[104:], c[:])
	all := string(out[:])
	return all[:40], all[40:104], all[104:]
}

// perUser tells whether the program is installed in somebody's home.
func (p *program) perUser() bool {
	return p.folder.uses(tokHome)
}

// versionOf is the version of a program on the device: most have the newest.
func (d *device) versionOf(p *program) string {
	switch {
	case len(p.versions) > 0:
		n := stable(10, d.id, p.file)
		return p.versions[max(0, min(len(p.versions)-1, n-7))]
	case p.maker.key == "windows":
		return d.os.inbox
	case p.maker.key == "none" || p.maker.key == "apple":
		return d.os.info
	}
	return ""
}

func (d *device) folder(p *program, version, home string) string {
	var b strings.Builder
	for i := range p.folder.parts {
		switch x := &p.folder.parts[i]; x.token {
		case tokHome:
			b.WriteString(home)
		case tokVersion:
			b.WriteString(version)
		case tokBuild:
			b.WriteString(strconv.FormatInt(d.os.build, 10))
		default:
			b.WriteString(x.text)
		}
	}
	return b.String()
}

// installed tells whether the device has a program of its kind.
func (d *device) installed(r *role) bool {
	return r.share >= 100 || stable(100, d.id, r.prog.file) < r.share
}
