// Package variant lists the legal freedoms of the reference server, one literal each: where the seed or an RFC leaves a choice, an
// application can be switched to the other side, and the suite must accept both.
//
// To add one, write a literal into All and let the rule that implements the switch ask engine.App.Has for its name.
package variant

// Variant is one legal freedom.
type Variant struct {
	Name    string
	Rule    string   // of the seed that leaves the freedom, or the section of an RFC
	Profile string   // of the applications that can have it
	Effect  string   // what is different
	Changes []string // ids of checks that judge otherwise with it; all others still pass
}

// Named finds a variant.
func Named(name string) (Variant, bool) {
	for _, v := range All() {
		if v.Name == name {
			return v, true
		}
	}
	return Variant{}, false
}

// Names are those of the variants that a profile has.
func Names(profile string) (names []string) {
	for _, v := range All() {
		if v.Profile == profile {
			names = append(names, v.Name)
		}
	}
	return names
}
