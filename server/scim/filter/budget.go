package filter

// The budgets that a zero field of Budget stands for.
const (
	DefaultLength = 4096
	DefaultDepth  = 16
	DefaultNodes  = 64
)

func (b Budget) filled() Budget {
	if b.Length == 0 {
		b.Length = DefaultLength
	}
	if b.Depth == 0 {
		b.Depth = DefaultDepth
	}
	if b.Nodes == 0 {
		b.Nodes = DefaultNodes
	}
	return b
}
