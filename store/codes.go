package store

import (
	"crypto/rand"
	"sync"
	"time"
)

// codeLetters has no letter or digit that is easily taken for another. There are 32.
const codeLetters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

// Codes that begin alike: at most so many, made within so short a time.
const (
	codeHead      = 3
	codesTogether = 1000
	codesWithin   = time.Second
)

// codeMaker makes order codes. The codes of a rush begin with the same three random letters, so that writing many of them touches few pages
// of their index, where codes without any order touch a page each. Outside a rush each code has a beginning of its own. A code is
// no secret, and its unique index is what keeps two orders from having the same.
type codeMaker struct {
	mu    sync.Mutex
	head  [codeHead]byte
	left  int // codes that may still begin with head
	until time.Time
}

// next makes an order code such as K7Q4-M2XD.
func (c *codeMaker) next(now time.Time) string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	for i := range b {
		b[i] = codeLetters[b[i]%byte(len(codeLetters))]
	}
	c.mu.Lock()
	if c.left == 0 || !now.Before(c.until) {
		c.head, c.left, c.until = [codeHead]byte(b[:]), codesTogether, now.Add(codesWithin)
	}
	c.left--
	copy(b[:], c.head[:])
	c.mu.Unlock()
	return string(b[:4]) + "-" + string(b[4:])
}
