package controlapi

import (
	"slices"

	"scimproof/server/control"
)

// Operations lists the routes of a plane with their methods: "GET /v1/instances".
func Operations(p *control.Plane) []string {
	var out []string
	for path, methods := range every(p) {
		for method := range methods {
			out = append(out, method+" "+path)
		}
	}
	slices.Sort(out)
	return out
}
