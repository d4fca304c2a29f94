package api

import (
	"sync"

	"scimproof/server/engine"
	"scimproof/server/store"
)

// maxProfiles is how many applications' profiles are kept. Where there are more, all are forgotten and made again as they are asked for.
const maxProfiles = 10_000

// WithFields makes the profile of an application in an instance with extended fields from the one that it is based on.
type WithFields func(base *engine.Profile, app store.Application, fields []store.Field) (*engine.Profile, error)

// profiles keeps what WithFields has made, by application.
type profiles struct {
	mu   sync.RWMutex
	made map[string]madeProfile
}

// madeProfile is a profile with what it was made from. Stores hand out the same slice as long as nothing in it has changed, and as long
// as it is held here, none that has changed can lie where it does.
type madeProfile struct {
	app     store.Application
	fields  []store.Field
	profile *engine.Profile
}

func (m madeProfile) from(app store.Application, fields []store.Field) bool {
	return len(m.fields) == len(fields) && &m.fields[0] == &fields[0] && m.app.Profile == app.Profile && m.app.Namespace == app.Namespace &&
		len(m.app.Fields) == len(app.Fields) && (len(app.Fields) == 0 || &m.app.Fields[0] == &app.Fields[0])
}

// profile is that of an application.
func (a *API) profile(found store.Admission) (*engine.Profile, error) {
	app, base := found.Application, a.Profiles[found.Application.Profile]
	if app.Profile != "idaas" || len(found.Fields) == 0 {
		return base, nil
	}
	a.profiles.mu.RLock()
	known, ok := a.profiles.made[app.ID]
	a.profiles.mu.RUnlock()
	if ok && known.from(app, found.Fields) {
		return known.profile, nil
	}
	made, err := a.WithFields(base, app, found.Fields)
	if err != nil {
		return nil, err
	}
	a.profiles.mu.Lock()
	defer a.profiles.mu.Unlock()
	if a.profiles.made == nil || len(a.profiles.made) >= maxProfiles {
		a.profiles.made = map[string]madeProfile{}
	}
	a.profiles.made[app.ID] = madeProfile{app, found.Fields, made}
	return made, nil
}
