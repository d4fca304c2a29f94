package idaas

import "scimproof/server/engine"

// Characters that the names of a group have at most.
const (
	longestGroupName       = 64
	longestGroupExternalID = 64
)

// settleGroup checks a change of a group (rule group-1).
func settleGroup(c *engine.Change) error {
	if name, _ := c.After["displayName"].(string); name == "" {
		return missing("GroupName", "displayName")
	}
	if err := checkLength(c, "displayName", longestGroupName); err != nil {
		return err
	}
	return checkLength(c, "externalId", longestGroupExternalID)
}
