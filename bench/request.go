package main

import (
	"strconv"
	"strings"
)

// requestHead is the part of the post that is always the same: what a browser sends.
func requestHead(addr string) string {
	lines := []string{
		"POST /e/" + slug + "/register/check HTTP/1.1",
		"Host: " + addr,
		"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
		"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
		"Accept-Language: ko-KR,ko;q=0.8,en-US;q=0.5,en;q=0.3",
		"Accept-Encoding: gzip, deflate, br, zstd",
		"Content-Type: application/x-www-form-urlencoded",
		"Origin: http://" + addr,
		"Connection: keep-alive",
		"Referer: http://" + addr + "/e/" + slug + "/register/check",
		"Upgrade-Insecure-Requests: 1",
		"Sec-Fetch-Dest: document",
		"Sec-Fetch-Mode: navigate",
		"Sec-Fetch-Site: same-origin",
		"Sec-Fetch-User: ?1",
		"Priority: u=0, i",
	}
	return strings.Join(lines, "\r\n") + "\r\n"
}

// requestTail adds to a request what differs from post to post.
func requestTail(request []byte, token, form string) []byte {
	request = append(request, "Cookie: "+draftCookie+"="...)
	request = append(request, token...)
	request = append(request, "\r\nContent-Length: "...)
	request = strconv.AppendInt(request, int64(len(form)), 10)
	request = append(request, "\r\n\r\n"...)
	return append(request, form...)
}

// postDrafts makes, for each connection, the call that posts the next draft.
func postDrafts(lines []*line, head string, people []person, next func() (ready, bool)) []func() (bool, error) {
	var calls []func() (bool, error)
	for _, l := range lines {
		calls = append(calls, func() (bool, error) {
			d, left := next()
			if !left {
				return false, nil
			}
			l.request = requestTail(append(l.request[:0], head...), d.token, people[d.who].form)
			return true, l.post(l.request)
		})
	}
	return calls
}
