package persona

import (
	"fmt"
	"sort"

	"go.yaml.in/yaml/v3"

	"scimproof/simulator/tree"
)

// document turns YAML into JSON, keys in the order of the file, texts as templates.
func document(n *yaml.Node, vars lookup) (*tree.Node, error) {
	switch n.Kind {
	case yaml.AliasNode:
		return document(n.Alias, vars)
	case yaml.MappingNode:
		return object(n, vars)
	case yaml.SequenceNode:
		out := &tree.Node{Kind: tree.Array}
		for _, item := range n.Content {
			v, err := document(item, vars)
			if err != nil {
				return nil, err
			}
			out.Items = append(out.Items, v)
		}
		return out, nil
	case yaml.ScalarNode:
		return scalar(n, vars)
	}
	return nil, fmt.Errorf("line %d: a value is missing", n.Line)
}

func object(n *yaml.Node, vars lookup) (*tree.Node, error) {
	out := &tree.Node{Kind: tree.Object}
	err := eachPair(n, func(key string, v *yaml.Node) error {
		name, err := expand(key, vars, verbatim)
		if err != nil {
			return err
		}
		child, err := document(v, vars)
		if err != nil {
			return err
		}
		out.Members = append(out.Members, tree.Member{Name: name, Value: child})
		return nil
	})
	return out, err
}

func scalar(n *yaml.Node, vars lookup) (*tree.Node, error) {
	switch n.Tag {
	case "!!str":
		return value(n.Value, vars)
	case "!!null":
		return tree.Literal("null")
	case "!!bool", "!!int", "!!float":
		v, err := tree.Literal(n.Value)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n.Line, err)
		}
		return v, nil
	}
	return nil, fmt.Errorf("line %d: %s has no JSON form; put it in quotes", n.Line, n.Tag)
}

// eachPair walks a mapping in the order of the file; a node that was left out has none. A key may stand once.
func eachPair(n *yaml.Node, do func(key string, value *yaml.Node) error) error {
	if n.IsZero() {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: expected names with values", n.Line)
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i].Value
		if seen[key] {
			return fmt.Errorf("line %d: %q stands twice", n.Content[i].Line, key)
		}
		seen[key] = true
		if err := do(key, n.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
