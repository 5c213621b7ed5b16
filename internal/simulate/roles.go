package simulate

// A role is a program in one use: chrome.exe, or "chrome.exe/renderer". The
// files data/windows_*.txt, unix.txt and tools.txt have one block per role,
// "[key] description", then lines of a word and its value:
//
//	file   name of the file; without it the key up to "/"
//	in     folder; C:\Windows\System32 without it
//	by     maker (makers.go); windows without it
//	info   product | internal name | original name
//	ver    versions in use, the newest first; the system's without it
//	size   KB
//	as     whose process: parent (without it), user, system, local, network …
//	level  integrity if not the account's: untrusted, low, medium, high
//	life   "2s..5m", or boot, session, parent or attack: until that ends
//	flags  console (needs a conhost), single (one per session)
//	share  installed on so many of 100 devices
//	on     kinds of devices that have it; all of its system without it
//	cmd    command line, after a weight if there are several; "=> key" names
//	       the program that the command line starts
//	spawn  how often it starts something of runs, against other programs
//	runs   "weight key, …"
//	first  programs it starts when started
//	does   "deed weight, …": net., file., reg., ev. and logon. (deeds.go)
//	dlls   libraries it loads
//
// A key with "/" takes the program (file, in, by, info, ver, size) of the key
// before the "/", unless it has a file or a folder of its own.
type role struct {
	key      string
	n        int
	prog     *program
	as       string
	level    string
	life     life
	console  bool
	single   bool
	share    int
	on       []string
	commands weighted[command]
	spawn    int
	runs     weighted[*role]
	first    []*role
	does     [kindCount]weighted[deed]

	runKeys, firstKeys []string
}

// life is how long a process of a role runs.
type life struct {
	until  string // boot, session, parent or attack; empty: lo to hi
	lo, hi int64
}

// command is a command line; then is what it starts, if anything.
type command struct {
	line    template
	then    *role
	thenKey string
}

// program is an executable or a library.
type program struct {
	file, description           string
	folder                      template
	maker                       *maker
	product, internal, original string
	versions                    []string // none: the system's
	size                        int64
	dlls                        []*program
	dllNames                    []string
}

// kind is a kind of what a process does.
type kind uint8

// The kinds. A launch is what role.runs says; an image load, program.dlls.
const (
	kLaunch kind = iota
	kNetwork
	kFile
	kRegistry
	kImage
	kEvent
	kLogon
	kindCount
)

// deed is something that a process does, like writing one of its files. It
// tells whether there was an opportunity.
type deed interface {
	do(d *device, p *process) bool
}

// fits tells whether a kind of device can have the role.
func (r *role) fits(c *class) bool {
	for _, tag := range r.on {
		if c.has(tag) {
			return true
		}
	}
	return false
}
