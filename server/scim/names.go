package scim

// find looks for an attribute by name, without regard to case. Lists are short: going through them is faster than any map.
func find[N string | []byte](list []*Attribute, name N) *Attribute {
	for _, a := range list {
		if a.Name == string(name) {
			return a
		}
	}
	for _, a := range list {
		if sameName(a.Name, name) {
			return a
		}
	}
	return nil
}

// sameName compares names and URNs, which are ASCII, without regard to case. Unlike strings.EqualFold it takes no other letter for one of
// theirs: the Kelvin sign is not a k.
func sameName[N, M string | []byte](a N, b M) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// nameSet holds the names that an object has had so far, without regard to case.
type nameSet struct {
	few  [12][]byte // enough for most objects, and quicker than a map
	n    int
	many map[string]bool
}

// add says whether the name is new.
func (s *nameSet) add(name []byte) bool {
	for _, other := range s.few[:s.n] {
		if sameName(other, name) {
			return false
		}
	}
	if s.n < len(s.few) {
		s.few[s.n] = name
		s.n++
		return true
	}
	key := make([]byte, len(name))
	for i := range name {
		key[i] = lower(name[i])
	}
	if s.many[string(key)] {
		return false
	}
	if s.many == nil {
		s.many = map[string]bool{}
	}
	s.many[string(key)] = true
	return true
}
