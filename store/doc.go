// Package store keeps what Foyer remembers, in SQLite or in PostgreSQL, with one code base of SQL.
//
// Every change goes through [Store.Write]: a function that sees one transaction and one time. On SQLite a single writer
// runs what is waiting together and flushes the disk once for all of it; on PostgreSQL each function is a transaction of
// its own. Either way Write answers after the commit, refusals too, and a function may run twice, so it must have no
// effect outside its [Tx]. Reads go through [Store.Row] and [Store.Rows], on connections that cannot write.
//
// Times are UTC Unix milliseconds in BIGINT columns, money is int64 minor units beside its currency, ids are text.
// Placeholders are $1, $2, ... on both engines.
package store
