package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
)

// floorCommand is the argument with which this program becomes the server that the product is compared with.
const floorCommand = "floor"

// serveFloor is the bare web floor: the standard library's server parses the same form and answers 303. It has no routes, no
// session, no checks, no log and no database.
func serveFloor() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%shttp://%s\n", listening, l.Addr())
	return http.Serve(l, http.HandlerFunc(answerFloor))
}

// floorAddress is as long as the address of an order.
var floorAddress = []string{"/o/AAAA-AAAA/aaaaaaaaaaaaaaaaaaaaaaaaaa"}

func answerFloor(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || r.PostForm.Get("revision") == "" || r.PostForm.Get("consent.order") == "" {
		w.WriteHeader(http.StatusUnprocessableEntity)
		return
	}
	w.Header()["Location"] = floorAddress
	w.WriteHeader(http.StatusSeeOther)
}
