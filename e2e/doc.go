// Package e2e drives the real binary: with a browser, with scripts over HTTP, and with kill -9. The gateway is the sandbox on a
// listener of its own, mail goes to a real SMTP server, and the database is a file.
package e2e
