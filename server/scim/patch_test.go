package scim_test

import (
	"fmt"
	"strings"
	"testing"

	"scimproof/server/scim"
)

// patch carries out the operations of a body over a resource.
func patch(t testing.TB, rt *scim.ResourceType, before, operations string, opt scim.PatchOptions) (scim.Object, error) {
	t.Helper()
	was := object(t, before)
	ops, err := rt.DecodePatch([]byte(`{"schemas": ["`+scim.PatchSchema+`"], "Operations": [`+operations+`]}`), opt)
	if err != nil {
		return nil, err
	}
	o, err := rt.Patch(was, ops, opt)
	if text(t, was) != text(t, object(t, before)) {
		t.Errorf("the resource has become %s", text(t, was))
	}
	return o, err
}

// op is an operation; a value is left out where it is empty.
func op(op, path, value string) string {
	out := `{"op": "` + op + `"`
	if path != "" {
		out += fmt.Sprintf(`, "path": %q`, path)
	}
	if value != "" {
		out += `, "value": ` + value
	}
	return out + "}"
}

type patchCase struct{ before, ops, want string }

func run(t *testing.T, opt scim.PatchOptions, cases map[string]patchCase) {
	t.Helper()
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			o, err := patch(t, thing(t), test.before, test.ops, opt)
			if err != nil {
				t.Fatal(err)
			}
			same(t, o, test.want)
		})
	}
}

func TestPatchSingle(t *testing.T) {
	run(t, scim.PatchOptions{}, map[string]patchCase{
		"add":                 {`{}`, op("add", "text", `"a"`), `{"text": "a"}`},
		"add over":            {`{"text": "a"}`, op("add", "text", `"b"`), `{"text": "b"}`},
		"add null":            {`{"text": "a"}`, op("add", "text", `null`), `{"text": "a"}`},
		"replace":             {`{"text": "a"}`, op("replace", "text", `"b"`), `{"text": "b"}`},
		"replace what is not": {`{}`, op("replace", "text", `"b"`), `{"text": "b"}`},
		"replace by null":     {`{"text": "a"}`, op("replace", "text", `null`), `{}`},
		"remove":              {`{"text": "a", "flag": false}`, op("remove", "text", ""), `{"flag": false}`},
		"remove what is not":  {`{"flag": false}`, op("remove", "text", ""), `{"flag": false}`},
		"remove with a value": {`{"text": "a"}`, op("remove", "text", `"b"`), `{}`},
		"types":               {`{}`, op("add", "flag", "true") + "," + op("add", "whole", "5") + "," + op("add", "when", `"2020-01-01T00:00:00Z"`), `{"flag": true, "whole": 5, "when": "2020-01-01T00:00:00Z"}`},
		"in any case":         {`{"text": "a"}`, `{"OP": "RePlace", "Path": "TEXT", "VALUE": "b"}`, `{"text": "b"}`},
		"value before path":   {`{}`, `{"value": "b", "path": "text", "op": "add", "name": "x"}`, `{"text": "b"}`},
		"with a URN":          {`{}`, op("add", strings.ToUpper(thingURN)+":text", `"b"`), `{"text": "b"}`},
		"in their order":      {`{}`, op("add", "text", `"a"`) + "," + op("remove", "text", "") + "," + op("add", "text", `"c"`) + "," + op("replace", "text", `"d"`), `{"text": "d"}`},
		"externalId":          {`{"externalId": "e"}`, op("replace", "externalid", `"f"`), `{"externalId": "f"}`},
		"a secret":            {`{}`, op("add", "secret", `"s"`), `{"secret": "s"}`},
		"schemas follow":      {`{"text": "a"}`, op("add", "schemas", `["urn:example:x"]`), `{"schemas": ["` + thingURN + `"], "text": "a"}`},
	})
}

func TestPatchComplex(t *testing.T) {
	const one = `{"one": {"a": "x", "b": 1}}`
	run(t, scim.PatchOptions{}, map[string]patchCase{
		"add keeps the rest":       {one, op("add", "one", `{"a": "y"}`), `{"one": {"a": "y", "b": 1}}`},
		"replace keeps the rest":   {one, op("replace", "one", `{"a": "y", "fixed": "z", "unknown": 1}`), `{"one": {"a": "y", "b": 1}}`},
		"replace by null":          {one, op("replace", "one", `null`), `{}`},
		"add makes it":             {`{}`, op("add", "one", `{"a": "y"}`), `{"one": {"a": "y"}}`},
		"add a part":               {`{}`, op("add", "one.a", `"y"`), `{"one": {"a": "y"}}`},
		"replace a part":           {one, op("replace", "ONE.A", `"y"`), `{"one": {"a": "y", "b": 1}}`},
		"remove a part":            {one, op("remove", "one.a", ""), `{"one": {"b": 1}}`},
		"remove the last part":     {`{"one": {"a": "x"}}`, op("remove", "one.a", ""), `{}`},
		"remove a part of nothing": {`{}`, op("remove", "one.a", ""), `{}`},
		"replace a part by null":   {`{"one": {"a": "x"}}`, op("replace", "one.a", `null`), `{}`},
		"remove":                   {one, op("remove", "one", ""), `{}`},
		"only what is readOnly":    {one, op("replace", "one", `{"fixed": "z"}`), one},
	})
}

func TestPatchExtension(t *testing.T) {
	const extra = `{"schemas": ["` + thingURN + `", "` + extraURN + `"], "` + extraURN + `": {"code": "c", "note": "n", "boss": {"value": "b", "title": "T"}}}`
	run(t, scim.PatchOptions{}, map[string]patchCase{
		"add an attribute":      {`{}`, op("add", extraURN+":note", `"m"`), `{"schemas": ["` + thingURN + `", "` + extraURN + `"], "` + extraURN + `": {"note": "m"}}`},
		"in any case":           {extra, op("replace", strings.ToUpper(extraURN)+":NOTE", `"m"`), strings.Replace(extra, `"n"`, `"m"`, 1)},
		"remove an attribute":   {`{"` + extraURN + `": {"note": "n"}}`, op("remove", extraURN+":note", ""), `{"schemas": ["` + thingURN + `"]}`},
		"a part":                {extra, op("replace", extraURN+":boss.value", `"d"`), strings.Replace(extra, `"b"`, `"d"`, 1)},
		"add as a whole":        {extra, op("add", extraURN, `{"note": "m"}`), strings.Replace(extra, `"n"`, `"m"`, 1)},
		"replace as a whole":    {extra, op("replace", extraURN, `{"NOTE": "m", "boss.value": "d"}`), strings.Replace(strings.Replace(extra, `"n"`, `"m"`, 1), `"b"`, `"d"`, 1)},
		"remove as a whole":     {extra, op("remove", extraURN, ""), `{"schemas": ["` + thingURN + `"]}`},
		"replace it by null":    {extra, op("replace", extraURN, `null`), `{"schemas": ["` + thingURN + `"]}`},
		"add null":              {extra, op("add", extraURN, `null`), extra},
		"without a path":        {extra, op("replace", "", `{"`+extraURN+`": {"note": "m"}}`), strings.Replace(extra, `"n"`, `"m"`, 1)},
		"with a URN in the key": {extra, op("replace", "", `{"`+extraURN+`:note": "m"}`), strings.Replace(extra, `"n"`, `"m"`, 1)},
		"a plain text":          {`{}`, op("add", extraURN+":boss", `"b"`), `{"` + extraURN + `": {"boss": {"value": "b"}}}`},
		"an empty text":         {extra, op("replace", extraURN+":boss", `""`), strings.Replace(extra, `, "boss": {"value": "b", "title": "T"}`, ``, 1)},
	})
}

func TestPatchList(t *testing.T) {
	const many = `{"many": [{"value": "a", "type": "work", "primary": true}, {"value": "b", "type": "home"}]}`
	run(t, scim.PatchOptions{}, map[string]patchCase{
		"add":                     {many, op("add", "many", `[{"value": "c", "type": "work"}]`), `{"many": [{"value": "a", "type": "work", "primary": true}, {"value": "b", "type": "home"}, {"value": "c", "type": "work"}]}`},
		"add to nothing":          {`{}`, op("add", "many", `[{"value": "c"}]`), `{"many": [{"value": "c"}]}`},
		"add one without a list":  {`{}`, op("add", "many", `{"value": "c"}`), `{"many": [{"value": "c"}]}`},
		"add what is there":       {many, op("add", "many", `[{"value": "a", "type": "work", "primary": true}]`), many},
		"add a part of it":        {many, op("add", "many", `[{"value": "B", "type": "HOME"}]`), `{"many": [{"value": "a", "type": "work", "primary": true}, {"value": "B", "type": "HOME"}]}`},
		"add twice":               {`{}`, op("add", "many", `[{"value": "c"}, {"value": "C"}]`), `{"many": [{"value": "C"}]}`},
		"add with more":           {many, op("add", "many", `[{"value": "b", "type": "home", "display": "B"}]`), `{"many": [{"value": "a", "type": "work", "primary": true}, {"value": "b", "type": "home", "display": "B"}]}`},
		"add of another type":     {many, op("add", "many", `[{"value": "b"}]`), `{"many": [{"value": "a", "type": "work", "primary": true}, {"value": "b", "type": "home"}, {"value": "b"}]}`},
		"add without value":       {`{"many": [{"n": 1}]}`, op("add", "many", `[{"n": 1}, {"n": 2}]`), `{"many": [{"n": 1}, {"n": 2}]}`},
		"add nothing":             {many, op("add", "many", `[]`), many},
		"replace":                 {many, op("replace", "many", `[{"value": "c"}]`), `{"many": [{"value": "c"}]}`},
		"replace by one":          {many, op("replace", "many", `{"value": "c"}`), `{"many": [{"value": "c"}]}`},
		"replace by nothing":      {many, op("replace", "many", `[]`), `{}`},
		"remove":                  {many, op("remove", "many", ""), `{}`},
		"remove values":           {many, op("remove", "many", `[{"value": "B"}]`), `{"many": [{"value": "a", "type": "work", "primary": true}]}`},
		"remove a value not such": {many, op("remove", "many", `[{"value": "a", "type": "home"}]`), many},
		"remove no value":         {many, op("remove", "many", `[]`), many},
		"remove null":             {many, op("remove", "many", `null`), `{}`},
		"texts":                   {`{"words": ["a"]}`, op("add", "words", `["b", "A"]`), `{"words": ["a", "b"]}`},
		"one text":                {`{"words": ["a"]}`, op("add", "words", `"b"`), `{"words": ["a", "b"]}`},
		"remove a text":           {`{"words": ["a", "b"]}`, op("remove", "words", `["A"]`), `{"words": ["b"]}`},
		"numbers":                 {`{"numbers": [1]}`, op("add", "numbers", `[1.0, 2, 20e-1]`), `{"numbers": [1, 2]}`},
		"a part of all":           {many, op("replace", "many.type", `"other"`), `{"many": [{"value": "a", "type": "other", "primary": true}, {"value": "b", "type": "other"}]}`},
		"a part of none":          {`{}`, op("add", "many.value", `"a"`), `{"many": [{"value": "a"}]}`},
		"remove a part of all":    {many, op("remove", "many.primary", ""), `{"many": [{"value": "a", "type": "work"}, {"value": "b", "type": "home"}]}`},
		"remove the last parts":   {`{"many": [{"value": "a"}, {"value": "b", "n": 1}]}`, op("remove", "many.value", ""), `{"many": [{"n": 1}]}`},
		"a list in a list":        {`{"many": [{"value": "a", "tags": ["x"]}]}`, op("add", `many[value eq "a"].tags`, `["X", "y"]`), `{"many": [{"value": "a", "tags": ["x", "y"]}]}`},
		"replace it":              {`{"many": [{"value": "a", "tags": ["x"]}]}`, op("replace", `many[value eq "a"].tags`, `["y"]`), `{"many": [{"value": "a", "tags": ["y"]}]}`},
		"remove nothing from it":  {`{"many": [{"value": "a", "tags": ["x"]}]}`, op("remove", "many.tags", `[]`), `{"many": [{"value": "a", "tags": ["x"]}]}`},
		"remove from it":          {`{"many": [{"value": "a", "tags": ["x", "y"]}]}`, op("remove", `many[value eq "a"].tags`, `["y"]`), `{"many": [{"value": "a", "tags": ["x"]}]}`},
	})
}

func TestPatchFilter(t *testing.T) {
	const many = `{"many": [{"value": "a", "type": "work", "n": 1}, {"value": "b", "type": "home"}, {"value": "c", "type": "Work"}]}`
	run(t, scim.PatchOptions{}, map[string]patchCase{
		"replace a part":        {many, op("replace", `many[type eq "WORK"].value`, `"z"`), `{"many": [{"value": "z", "type": "work", "n": 1}, {"value": "b", "type": "home"}, {"value": "z", "type": "Work"}]}`},
		"replace elements":      {many, op("replace", `many[type eq "work"]`, `{"value": "z"}`), `{"many": [{"value": "z"}, {"value": "b", "type": "home"}, {"value": "z"}]}`},
		"in a list of one":      {many, op("replace", `many[value eq "b"]`, `[{"value": "z"}]`), `{"many": [{"value": "a", "type": "work", "n": 1}, {"value": "z"}, {"value": "c", "type": "Work"}]}`},
		"by null":               {many, op("replace", `many[type eq "work"]`, `null`), `{"many": [{"value": "b", "type": "home"}]}`},
		"add to elements":       {many, op("add", `many[type eq "work"]`, `{"n": 2}`), `{"many": [{"value": "a", "type": "work", "n": 2}, {"value": "b", "type": "home"}, {"value": "c", "type": "Work", "n": 2}]}`},
		"remove elements":       {many, op("remove", `many[type eq "work" and n eq 1]`, ""), `{"many": [{"value": "b", "type": "home"}, {"value": "c", "type": "Work"}]}`},
		"remove all":            {many, op("remove", `many[value pr]`, ""), `{}`},
		"remove none":           {many, op("remove", `many[value eq "z"]`, ""), many},
		"remove a part":         {many, op("remove", `many[n ge 1].n`, ""), `{"many": [{"value": "a", "type": "work"}, {"value": "b", "type": "home"}, {"value": "c", "type": "Work"}]}`},
		"remove a part of none": {many, op("remove", `many[n ge 5].n`, ""), many},
		"add makes an element":  {`{}`, op("add", `many[type eq "Work" and n eq 5].value`, `"z"`), `{"many": [{"type": "Work", "n": 5, "value": "z"}]}`},
		"and a whole one":       {`{"many": [{"value": "a"}]}`, op("add", `many[type eq "home"]`, `{"value": "z"}`), `{"many": [{"value": "a"}, {"type": "home", "value": "z"}]}`},
		"unless it is null":     {many, op("add", `many[type eq "other"].value`, `null`), many},
		"a boolean as a text":   {`{"many": [{"value": "a", "primary": true}]}`, op("add", `many[primary eq "True"].value`, `"z"`), `{"many": [{"value": "z", "primary": true}]}`},
		"and with a list":       {`{}`, op("add", `many[tags eq "x"].value`, `"z"`), `{"many": [{"tags": ["x"], "value": "z"}]}`},
		"which makes one":       {`{}`, op("add", `many[primary eq "True"].value`, `"z"`), `{"many": [{"primary": true, "value": "z"}]}`},
		"a dot in the value":    {`{"many": [{"value": "a.b"}]}`, op("replace", `many[value eq "a.b"].value`, `"c d"`), `{"many": [{"value": "c d"}]}`},
		"a bracket in it":       {`{"many": [{"value": "a]b"}]}`, op("replace", `many[value eq "a]b"].display`, `"x"`), `{"many": [{"value": "a]b", "display": "x"}]}`},
		"with a URN":            {many, op("remove", thingURN+`:many[value ne "b"]`, ""), `{"many": [{"value": "b", "type": "home"}]}`},
	})
	run(t, scim.PatchOptions{CreateOnNoMatch: true}, map[string]patchCase{
		"replace makes an element": {`{"many": [{"value": "a"}]}`, op("replace", `many[type eq "work"].value`, `"z"`), `{"many": [{"value": "a"}, {"type": "work", "value": "z"}]}`},
		"replace by null does not": {`{"many": [{"value": "a"}]}`, op("replace", `many[type eq "work"].value`, `null`), `{"many": [{"value": "a"}]}`},
	})
	for ops, want := range map[string]string{
		op("replace", `many[type eq "other"].value`, `"z"`):                       "noTarget: No element of many",
		op("replace", `many[type eq "other"]`, `{"value": "z"}`):                  "noTarget",
		op("add", `many[type eq "other" or type eq "x"].value`, `"z"`):            "noTarget",
		op("add", `many[type sw "other"].value`, `"z"`):                           "noTarget",
		op("add", `many[not (type pr)].value`, `"z"`):                             "noTarget",
		op("add", `many[type eq "x" and type eq "y"].value`, `"z"`):               "noTarget",
		op("add", `many[type eq null and value eq "x"].value`, `"z"`):             "noTarget",
		op("add", `many[n eq 1.5].value`, `"z"`):                                  "noTarget",
		op("add", `many[unknown eq "x"].value`, `"z"`):                            "noTarget",
		op("replace", `many[type eq "work"]`, `[{"value": "y"}, {"value": "z"}]`): "invalidValue: many: the path stands for one element, and the value has 2",
	} {
		_, err := patch(t, thing(t), many, ops, scim.PatchOptions{})
		refusal(t, err, want)
	}
	_, err := patch(t, thing(t), many, op("replace", `many[type sw "other"].value`, `"z"`), scim.PatchOptions{CreateOnNoMatch: true})
	refusal(t, err, "noTarget")
}

func TestPatchPrimary(t *testing.T) {
	const many = `{"many": [{"value": "a", "primary": true}, {"value": "b"}, {"value": "c", "primary": false}]}`
	run(t, scim.PatchOptions{}, map[string]patchCase{
		"add a primary":       {many, op("add", "many", `[{"value": "d", "primary": true}]`), `{"many": [{"value": "a", "primary": false}, {"value": "b"}, {"value": "c", "primary": false}, {"value": "d", "primary": true}]}`},
		"make one primary":    {many, op("replace", `many[value eq "b"].primary`, `true`), `{"many": [{"value": "a", "primary": false}, {"value": "b", "primary": true}, {"value": "c", "primary": false}]}`},
		"the primary one":     {many, op("replace", `many[value eq "a"].primary`, `true`), many},
		"none":                {many, op("replace", `many[value eq "a"].primary`, `false`), `{"many": [{"value": "a", "primary": false}, {"value": "b"}, {"value": "c", "primary": false}]}`},
		"by an element":       {many, op("add", `many[value eq "c"]`, `{"primary": true}`), `{"many": [{"value": "a", "primary": false}, {"value": "b"}, {"value": "c", "primary": true}]}`},
		"by a value again":    {many, op("add", "many", `[{"value": "b", "primary": true}]`), `{"many": [{"value": "a", "primary": false}, {"value": "b", "primary": true}, {"value": "c", "primary": false}]}`},
		"no change of others": {many, op("replace", `many[value eq "b"].display`, `"B"`), `{"many": [{"value": "a", "primary": true}, {"value": "b", "display": "B"}, {"value": "c", "primary": false}]}`},
	})
	for _, ops := range []string{
		op("add", "many", `[{"value": "d", "primary": true}, {"value": "e", "primary": true}]`),
		op("replace", "many", `[{"value": "d", "primary": true}, {"value": "e", "primary": true}]`),
		op("replace", "many.primary", `true`),
		op("replace", `many[value ne "a"].primary`, `true`),
	} {
		_, err := patch(t, thing(t), many, ops, scim.PatchOptions{})
		refusal(t, err, "invalidValue: many ...primary entr")
	}
}

func TestPatchWithoutPath(t *testing.T) {
	run(t, scim.PatchOptions{}, map[string]patchCase{
		"several":                {`{"text": "a", "flag": true}`, op("replace", "", `{"TEXT": "b", "words": ["x"], "one": {"a": "y"}}`), `{"text": "b", "flag": true, "words": ["x"], "one": {"a": "y"}}`},
		"dotted keys":            {`{}`, op("Add", "", `{"one.a": "y", "one.b": 2, "many[type eq \"work\"].value": "v", "many.display": "D"}`), `{"one": {"a": "y", "b": 2}, "many": [{"type": "work", "value": "v", "display": "D"}]}`},
		"an empty path":          {`{}`, `{"op": "add", "path": "", "value": {"text": "b"}}`, `{"text": "b"}`},
		"a null path":            {`{}`, `{"op": "add", "path": null, "value": {"text": "b"}}`, `{"text": "b"}`},
		"add to a list":          {`{"words": ["a"]}`, op("add", "", `{"words": ["b"]}`), `{"words": ["a", "b"]}`},
		"nulls":                  {`{"text": "a", "words": ["a"]}`, op("replace", "", `{"text": null, "words": []}`), `{}`},
		"what was read":          {`{"id": "1", "server": "s"}`, op("replace", "", `{"schemas": ["x"], "id": "1", "meta": {"version": "9"}, "server": "s", "text": "b"}`), `{"id": "1", "server": "s", "text": "b"}`},
		"nothing":                {`{"text": "a"}`, op("add", "", `{}`), `{"text": "a"}`},
		"readOnly, unset":        {`{}`, op("replace", "", `{"server": null, "text": "b"}`), `{"text": "b"}`},
		"an extension's schemas": {`{}`, op("add", extraURN, `{"schemas": ["`+extraURN+`"], "note": "n"}`), `{"` + extraURN + `": {"note": "n"}}`},
	})
	for value, want := range map[string]string{
		`"x"`:                            "invalidValue: Without a path the value is an object of attributes",
		`[{"text": "x"}]`:                "invalidValue: Without a path",
		`null`:                           "invalidValue: Without a path",
		`{"colour": 1}`:                  "invalidPath: Thing has no attribute colour",
		`{"one.z": 1}`:                   "invalidPath: Thing has no attribute one.z",
		`{"a b": 1}`:                     "invalidPath: a b in the value is not the name",
		`{"id": "2"}`:                    "mutability: id is readOnly",
		`{"server": "other"}`:            "mutability: server is readOnly",
		`{"one.fixed": "x"}`:             "mutability: one.fixed is readOnly",
		`{"text": "x", "TEXT": "y"}`:     "invalidSyntax: TEXT is there twice",
		`{"text": 1}`:                    "invalidValue: text is a string, not a number",
		`{"` + extraURN + `": "x"}`:      "invalidValue: The value of the extension " + extraURN + " is an object",
		`{"` + extraURN + `": {"z": 1}}`: "invalidPath: Thing has no attribute " + extraURN + ":z",
		`{"` + extraURN + `": {"` + extraURN + `": {"note": "x"}}}`: "invalidPath: ",
		`{"many": {"x": {"y": 1, "Y": 2}}}`:                         "invalidSyntax: many.Y is there twice",
	} {
		_, err := patch(t, thing(t), `{"id": "1", "server": "s"}`, op("replace", "", value), scim.PatchOptions{})
		refusal(t, err, want)
	}
}

func TestPatchIgnoreUnknown(t *testing.T) {
	run(t, scim.PatchOptions{IgnoreUnknown: true}, map[string]patchCase{
		"a path":           {`{"text": "a"}`, op("replace", "colour", `"red"`), `{"text": "a"}`},
		"a part":           {`{"one": {"a": "x"}}`, op("replace", "one.z", `"red"`), `{"one": {"a": "x"}}`},
		"a filter":         {`{"text": "a"}`, op("add", `addresses[type eq "work"].street`, `"x"`), `{"text": "a"}`},
		"a foreign schema": {`{"text": "a"}`, op("remove", "urn:example:x:text", ""), `{"text": "a"}`},
		"keys":             {`{"text": "a"}`, op("add", "", `{"colour": {"a": 1}, "no path": 1, "text": "b", "`+extraURN+`": {"z": 1, "note": "n"}}`), `{"text": "b", "` + extraURN + `": {"note": "n"}}`},
	})
	for _, path := range []string{"a b", "colour[", "a.b.c", `colour[x eq]`} {
		_, err := patch(t, thing(t), `{}`, op("replace", path, `"x"`), scim.PatchOptions{IgnoreUnknown: true})
		refusal(t, err, "invalidPath: The path cannot be read")
	}
}

func TestPatchRelax(t *testing.T) {
	opt := scim.PatchOptions{Relax: func(a *scim.Attribute, v any) (any, bool) {
		if a.Name == "one" {
			return scim.Object{"a": v}, true
		}
		return v == "True", a.Name == "flag" && (v == "True" || v == "False")
	}}
	run(t, opt, map[string]patchCase{
		"a text for a boolean": {`{}`, op("Replace", "flag", `"True"`), `{"flag": true}`},
		"without a path":       {`{}`, op("Replace", "", `{"flag": "False"}`), `{"flag": false}`},
		"a text for an object": {`{}`, op("Add", "one", `"x"`), `{"one": {"a": "x"}}`},
	})
	_, err := patch(t, thing(t), `{}`, op("replace", "flag", `"yes"`), opt)
	refusal(t, err, "invalidValue: flag is a boolean, not a string")
}

func TestPatchMutability(t *testing.T) {
	const before = `{"id": "1", "must": "m", "server": "s", "once": "o", "one": {"once": "p", "fixed": "f"}, "strict": [{"key": "k", "born": "b"}], "` + extraURN + `": {"code": "c", "boss": {"value": "b", "title": "T"}}}`
	for ops, want := range map[string]string{
		op("replace", "id", `"2"`):                              "id is readOnly",
		op("replace", "id", `"1"`):                              "id is readOnly",
		op("remove", "id", ``):                                  "id is readOnly",
		op("add", "meta.version", `"x"`):                        "meta.version is readOnly",
		op("add", "server", `"x"`):                              "server is readOnly",
		op("remove", "server", ``):                              "server is readOnly",
		op("replace", "one.fixed", `"x"`):                       "one.fixed is readOnly",
		op("remove", extraURN+":boss.title", ``):                extraURN + ":boss.title is readOnly",
		op("remove", "must", ``):                                "must is required",
		op("replace", "must", `null`):                           "must is required",
		op("remove", extraURN+":code", ``):                      extraURN + ":code is required",
		op("remove", "strict.key", ``):                          "strict.key is required",
		op("replace", `strict[note eq null].key`, `null`):       "strict.key is required",
		op("remove", "schemas", ``):                             "schemas is required",
		op("replace", "once", `"x"`):                            "once is immutable",
		op("add", "once", `"x"`):                                "once is immutable",
		op("remove", "once", ``):                                "once is immutable",
		op("replace", "one.once", `"x"`):                        "once is immutable",
		op("remove", "one.once", ``):                            "once is immutable",
		op("add", "one", `{"once": "x"}`):                       "once is immutable",
		op("replace", `strict[key eq "k"].born`, `"x"`):         "born is immutable",
		op("add", "strict", `[{"key": "k", "born": "x"}]`):      "",
		op("add", `strict[key eq "k"]`, `{"born": "x"}`):        "born is immutable",
		op("add", "text", `"x"`) + "," + op("remove", "id", ``): "id is readOnly",
	} {
		if _, err := patch(t, thing(t), before, ops, scim.PatchOptions{}); want != "" {
			refusal(t, err, "mutability: "+want)
		} else if err != nil {
			t.Errorf("%s: %v", ops, err)
		}
	}
	const frozen = `{"frozen": [{"x": "a", "y": "b"}, {"x": "c"}]}`
	for ops, ok := range map[string]bool{
		op("replace", "frozen", `[{"x": "A", "y": "b"}, {"x": "c"}]`): true,
		op("add", "frozen", `[{"x": "c"}]`):                           true,
		op("replace", "frozen", `[{"x": "a", "y": "B"}, {"x": "c"}]`): false,
		op("replace", "frozen", `[{"x": "a", "y": "b"}]`):             false,
		op("replace", "frozen", `[{"x": "a"}, {"x": "c"}]`):           false,
		op("replace", "frozen", `[{"x": "c"}, {"x": "a", "y": "b"}]`): false,
		op("replace", "frozen.x", `"z"`):                              false,
		op("remove", `frozen[x eq "c"]`, ``):                          false,
	} {
		o, err := patch(t, thing(t), frozen, ops, scim.PatchOptions{})
		if ok != (err == nil) {
			t.Errorf("%s: %v", ops, err)
		} else if ok {
			same(t, o, frozen)
		} else {
			refusal(t, err, "mutability: frozen is immutable")
		}
	}
	run(t, scim.PatchOptions{}, map[string]patchCase{
		"immutable, first time": {`{}`, op("add", "once", `"x"`) + "," + op("add", "one.once", `"y"`), `{"once": "x", "one": {"once": "y"}}`},
		"immutable, the same":   {`{"once": "x"}`, op("replace", "once", `"x"`), `{"once": "x"}`},
		"immutable in a new element": {`{"strict": [{"key": "k", "born": "b"}]}`, op("add", "strict", `[{"key": "l", "born": "c"}]`),
			`{"strict": [{"key": "k", "born": "b"}, {"key": "l", "born": "c"}]}`},
		"elements go with what they require":      {`{"strict": [{"key": "k"}]}`, op("remove", `strict[key eq "k"]`, ``), `{}`},
		"an extension goes with what it requires": {`{"` + extraURN + `": {"code": "c"}}`, op("remove", extraURN, ``), `{}`},
	})
}

func TestDecodePatchRefuses(t *testing.T) {
	rt := thing(t)
	message := func(operations string) string {
		return `{"schemas": ["` + scim.PatchSchema + `"], "Operations": ` + operations + `}`
	}
	many := strings.TrimSuffix(strings.Repeat(op("add", "text", `"a"`)+",", 1001), ",")
	for body, want := range map[string]string{
		``:   "invalidSyntax: The body ends",
		`[]`: "invalidSyntax: The body is a JSON object: a PatchOp",
		`{}`: "invalidSyntax: schemas must be there and list " + scim.PatchSchema,
		`{"schemas": "` + scim.PatchSchema + `", "Operations": [` + op("add", "text", `"a"`) + `]}`: "invalidSyntax: schemas must be there",
		`{"schemas": ["` + thingURN + `"], "Operations": [` + op("add", "text", `"a"`) + `]}`:       "invalidSyntax: schemas must be there",
		`{"schemas": ["` + scim.PatchSchema + `"]}`:                                                 "invalidSyntax: Operations must be there",
		message(`[]`):          "invalidSyntax: Operations must be there and hold at least one",
		message(`null`):        "invalidSyntax: Operations is an array",
		message(`{}`):          "invalidSyntax: Operations is an array",
		message(`["add"]`):     "invalidSyntax: An operation is a JSON object",
		message(`[null]`):      "invalidSyntax: An operation is a JSON object",
		message(`[{}]`):        "invalidSyntax: op is add, remove or replace",
		message(`[{"op": 1}]`): "invalidSyntax: op of an operation is a string",
		message(`[{"op": "move", "path": "text", "value": 1}]`):                                        "invalidSyntax: op is add",
		message(`[{"op": "add", "path": 5, "value": 1}]`):                                              "invalidSyntax: path of an operation is a string",
		message(`[{"op": "add", "OP": "add"}]`):                                                        "invalidSyntax: OP is there twice",
		message(`[{"op": "remove"}]`):                                                                  "noTarget: remove needs a path",
		message(`[{"op": "remove", "path": ""}]`):                                                      "noTarget",
		message(`[{"op": "remove", "value": {"text": "x"}}]`):                                          "noTarget",
		message(`[{"op": "add", "path": "text"}]`):                                                     "invalidValue: add needs a value",
		message(`[{"op": "replace"}]`):                                                                 "invalidValue: replace needs a value",
		message(`[`+op("add", "text", `"a"`)+`]`) + "x":                                                "invalidSyntax: The body goes on",
		message(`[` + many + `]`):                                                                      "invalidValue: There are more than 1000 operations",
		message(`[` + op("add", "colour", `1`) + `]`):                                                  "invalidPath: Thing has no attribute colour",
		message(`[` + op("add", "text.sub", `1`) + `]`):                                                "invalidPath: Thing has no attribute text.sub",
		message(`[` + op("add", "urn:example:x:text", `1`) + `]`):                                      "invalidPath: Thing has no attribute urn:example:x:text",
		message(`[` + op("add", "text eq", `1`) + `]`):                                                 "invalidPath: The path cannot be read",
		message(`[` + op("add", `many[value eq "x"`, `1`) + `]`):                                       "invalidPath: The path cannot be read",
		message(`[` + op("add", `many[value xx "x"]`, `1`) + `]`):                                      "invalidPath: The path cannot be read",
		message(`[` + op("add", `one[a eq "x"]`, `1`) + `]`):                                           "invalidPath: one has no elements to choose from",
		message(`[` + op("add", `words[value eq "x"]`, `1`) + `]`):                                     "invalidPath: words has no elements",
		message(`[` + op("add", `many[n eq "x"].value`, `"1"`) + `]`):                                  "invalidFilter: n is compared with a number",
		message(`[` + op("add", "text", `1`) + `]`):                                                    "invalidValue: text is a string",
		message(`[` + op("add", "one", `"x"`) + `]`):                                                   "invalidValue: one is an object",
		message(`[` + op("add", "one.b", `"x"`) + `]`):                                                 "invalidValue: one.b is an integer",
		message(`[` + op("add", "many", `"x"`) + `]`):                                                  "invalidValue: An entry of many is an object",
		message(`[` + op("add", "many", `["x"]`) + `]`):                                                "invalidValue: An entry of many is an object",
		message(`[` + op("add", `many[n eq 1].n`, `"x"`) + `]`):                                        "invalidValue: many.n is an integer",
		message(`[` + op("add", "when", `"now"`) + `]`):                                                "invalidValue: when is a date and time",
		message(`[` + op("add", "words", `[`+strings.Repeat(`"a",`, 10_000)+`"a"]`) + `]`):             "invalidValue: An array has more than 10000",
		message(`[` + op("add", extraURN, `"x"`) + `]`):                                                "invalidValue: The value of the extension",
		message(`[` + op("add", "one", strings.Repeat(`{"a":`, 70)+`1`+strings.Repeat(`}`, 70)) + `]`): "invalidSyntax: The body is nested more than 64",
	} {
		_, err := rt.DecodePatch([]byte(body), scim.PatchOptions{})
		if err == nil {
			t.Errorf("%.200s is taken", body)
			continue
		}
		refusal(t, err, want)
	}
}

// Lists that grow by one PATCH after the other have the same end as those that are sent.
func TestPatchLimitsLists(t *testing.T) {
	words := strings.TrimSuffix(strings.Repeat(`"%d",`, 10_000), ",")
	numbers := make([]any, 10_000)
	for i := range numbers {
		numbers[i] = i
	}
	before := `{"words": [` + fmt.Sprintf(words, numbers...) + `]}`
	_, err := patch(t, thing(t), before, op("add", "words", `["new"]`), scim.PatchOptions{})
	refusal(t, err, "invalidValue: words would have more than 10000 entries")
	if o, err := patch(t, thing(t), before, op("add", "words", `["7"]`), scim.PatchOptions{}); err != nil || len(o["words"].([]any)) != 10_000 {
		t.Errorf("adding what is there: %v", err)
	}
	_, err = patch(t, thing(t), before, op("remove", "words", `[`+fmt.Sprintf(words, numbers...)+`]`), scim.PatchOptions{})
	refusal(t, err, "invalidValue: There are too many values to be removed from words")
}

func TestTouched(t *testing.T) {
	rt := thing(t)
	ops, err := rt.DecodePatch([]byte(`{"schemas": ["`+scim.PatchSchema+`"], "Operations": [`+op("add", "TEXT", `"a"`)+`,`+op("remove", `many[value eq "x"].type`, ``)+`,`+
		op("replace", "", `{"one.a": "x", "`+extraURN+`:note": "n"}`)+`]}`), scim.PatchOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := text(t, rt.Touched(ops)), text(t, map[string]bool{"text": true, "many": true, "one": true, extraURN: true}); got != want {
		t.Errorf("touched %s, want %s", got, want)
	}
}
