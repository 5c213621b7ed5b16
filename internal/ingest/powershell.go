package ingest

import "strings"

// powershellPipeline maps event 4103. ContextInfo is a list of "name = value"
// lines about the host process and the command; Payload holds the commands of
// the pipeline with their parameters.
func powershellPipeline(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	context := e.text(fContextInfo)
	payload := e.text(fPayload)
	command := contextValue(context, "Command Name")
	if command == "" {
		command = between(payload, "CommandInvocation(", ")")
	}
	m.powershellProcess(r, e, contextValue(context, "Host Application"), parseUser(contextValue(context, "User")))
	r.text(cAdditional, m.fields.reset().text("Command", command).text("Payload", payload).
		text("ScriptName", contextValue(context, "Script Name")).
		text("CommandType", contextValue(context, "Command Type")).
		text("CommandPath", contextValue(context, "Command Path")).String())
}

func powershellScript(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	m.powershellProcess(r, e, "", account{})
	f := m.fields.reset().field("Command", e, fScriptBlock).field("ScriptBlockId", e, fScriptBlockID)
	if n, ok := e.num(fMessageTotal); ok && n > 1 {
		f.raw("MessageTotal", number(n))
		if n, ok := e.num(fMessageNumber); ok {
			f.raw("MessageNumber", number(n))
		}
	}
	path := e.text(fPath)
	m.file(r, path)
	r.text(cAdditional, f.text("ScriptName", path).String())
}

// powershellProcess fills the process that ran PowerShell: the one that wrote
// the event. Exports without its PID may still name its command line.
func (m *mapper) powershellProcess(r row, e *event, host string, who account) {
	image := ""
	if path := program(host); strings.HasSuffix(strings.ToLower(path), ".exe") {
		image = path
	}
	pid, _ := e.num(fHeaderPID)
	p := m.byPID(pid, image, who)
	m.initiating(r, p)
	if p.commandLine == "" {
		r.text(cInitCommandLine, host)
	}
}

// contextValue finds "name = value" on a line of its own.
func contextValue(s, name string) string {
	for line := range strings.Lines(s) {
		key, text, ok := strings.Cut(line, " = ")
		if ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(text)
		}
	}
	return ""
}

func between(s, open, end string) string {
	_, rest, ok := strings.Cut(s, open)
	if !ok {
		return ""
	}
	text, _, ok := strings.Cut(rest, end)
	if !ok {
		return ""
	}
	return text
}
