package main

import (
	"io"
	"log/slog"
)

// logger makes the program's log: one line per event, as JSON or, when otherwise is text, as text.
func (s settings) logger(w io.Writer, otherwise string) (*slog.Logger, error) {
	form := s.Log
	if form == "" {
		form = otherwise
	}
	switch form {
	case "json":
		return slog.New(slog.NewJSONHandler(w, nil)), nil
	case "text":
		return slog.New(slog.NewTextHandler(w, nil)), nil
	}
	return nil, wrong("FOYER_LOG", "is %q, but must be json or text", s.Log)
}
