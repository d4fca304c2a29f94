package console

import (
	"io"
	"strings"
)

// page gathers the lines of a summary.
type page struct {
	Style
	b strings.Builder
}

func (p *page) blank() { p.b.WriteByte('\n') }

// line writes one line as it is.
func (p *page) line(indent int, text string) {
	p.b.WriteString(strings.TrimRight(strings.Repeat(" ", indent)+text, " "))
	p.b.WriteByte('\n')
}

func (p *page) heading(text string) {
	p.blank()
	p.line(margin, p.paint(title, text))
}

// prose writes a text over as many lines as it needs, up to a limit.
func (p *page) prose(indent int, h hue, text string) {
	for _, line := range wrap(safe(text), p.columns()-indent, maxLines) {
		p.line(indent, p.paint(h, line))
	}
}

// field writes a text beside its label.
func (p *page) field(indent int, label, text string) {
	if text == "" {
		return
	}
	const labels = 10
	for i, line := range wrap(safe(text), p.columns()-indent-labels, maxLines) {
		if i > 0 {
			label = ""
		}
		p.line(indent, p.paint(faint, pad(label, labels))+line)
	}
}

// command writes what is meant to be copied: never folded. It is safe already, see evidence.Curl.
func (p *page) command(indent int, text string) {
	for _, line := range strings.Split(text, "\n") {
		p.line(indent, line)
	}
}

func (p *page) flush(w io.Writer) error {
	_, err := io.WriteString(w, p.b.String())
	return err
}

const (
	margin   = 2 // of everything
	maxLines = 6 // of one text; the reports have it whole
)
