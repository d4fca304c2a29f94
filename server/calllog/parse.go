package calllog

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Operations are what a call can be.
func Operations() []string {
	return []string{"bulk", "create", "delete", "discover", "list", "patch", "read", "replace", "search"}
}

// FilterFields are the names that Set knows.
func FilterFields() []string {
	return []string{"application", "from", "to", "operation", "status", "failures", "target", "token", "instance", "resourceType", "correlation"}
}

// ErrNoField says that a filter has no field of a name.
var ErrNoField = errors.New("a filter of calls has no such field")

// Set reads a field of the filter from a text, by the name that the control API and the console have for it. Another error than ErrNoField
// says what is wrong with the text, and what to write.
func (f *Filter) Set(name, text string) (err error) {
	texts := map[string]*string{
		"instance": &f.Instance, "application": &f.Application, "token": &f.Token, "operation": &f.Operation,
		"resourceType": &f.ResourceType, "target": &f.Target, "correlation": &f.Correlation,
	}
	switch field := texts[name]; {
	case field != nil && text == "":
		return errors.New("This is empty; write what to look for, or leave the parameter out.")
	case name == "operation" && !slices.Contains(Operations(), text):
		return fmt.Errorf("There is no such operation; write one of %s.", strings.Join(Operations(), ", "))
	case field != nil:
		*field = text
	case name == "status":
		f.Status, f.StatusClass, err = readStatus(text)
	case name == "failures":
		f.Failed, err = readFailures(text)
	case name == "from":
		f.Since, err = readTime(text)
	case name == "to":
		f.Until, err = readTime(text)
	default:
		return ErrNoField
	}
	return err
}

// readStatus reads a status such as 404, or a class such as 4xx.
func readStatus(text string) (status, class int, err error) {
	digit, ofClass := strings.CutSuffix(text, "xx")
	n, err := strconv.Atoi(digit)
	switch {
	case err == nil && ofClass && n >= 1 && n <= 5:
		return 0, n, nil
	case err == nil && !ofClass && n >= 100 && n <= 599:
		return n, 0, nil
	}
	return 0, 0, errors.New("This is no status; write one such as 404, or a class such as 4xx.")
}

func readFailures(text string) (bool, error) {
	if text != "true" && text != "false" {
		return false, errors.New("This is true or false; write one of the two.")
	}
	return text == "true", nil
}

func readTime(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, errors.New("This is no time; write one such as 2026-03-31T12:00:00Z, and %2B for a plus.")
	}
	return t, nil
}
