// Package storetest is the suite that every engine of the store passes: places, orders, and the whole money path over them.
//
// The gateway here is Bank, a small one in memory with books of its own; the sandbox and its real wire format are tested where
// HTTP is.
package storetest
