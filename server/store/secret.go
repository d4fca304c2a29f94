package store

import (
	"context"
	"errors"
	"io"
)

const secretBytes = 32

// SharedSecret finds what all replicas keep under a name, and makes it, of random bytes, where nobody has yet.
func SharedSecret(ctx context.Context, s Store, random io.Reader, name string) (value []byte, err error) {
	err = s.Read(ctx, func(r Reader) (err error) {
		value, err = r.Secret(name)
		return err
	})
	if !errors.Is(err, ErrNotFound) {
		return value, err
	}
	fresh := make([]byte, secretBytes)
	if _, err := io.ReadFull(random, fresh); err != nil {
		return nil, err
	}
	err = s.Write(ctx, func(tx Tx) (err error) {
		if value, err = tx.Secret(name); !errors.Is(err, ErrNotFound) {
			return err // another replica was faster
		}
		value = fresh
		return tx.PutSecret(name, value)
	})
	return value, err
}
