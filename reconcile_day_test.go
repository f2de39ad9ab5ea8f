package main

import (
	"strings"
	"testing"
)

func TestADayIsComparedWithASettlementFile(t *testing.T) {
	h := newTestHouse(t)
	h.must("", "event", "apply", h.file("apsys.yaml", sampleEvent(t, "http://127.0.0.1:9")))
	empty := h.file("empty.csv", "주문번호,승인번호,결제금액,거래일시\n")
	args := []string{"reconcile", "--day", "2027-07-01", "--event", "apsys-2027", "--channel", "korea"}
	if out := h.must("", append(args, "--file", empty)...); !strings.Contains(out, "apsys-2027 korea 2027-07-01: 0 transactions compared, 0 differences") {
		t.Errorf("nothing on either side: %q", out)
	}
	file := h.file("day.csv", "주문번호,승인번호,결제금액,거래일시\nSHOP-1,00123456,\"7,000\",2027-07-01 10:00:00\n")
	code, out, errs := h.do("", append(args, "--file", file)...)
	if code != exitUnsettled || !strings.Contains(out, "they have it and we do not") || !strings.Contains(out, `"SHOP-1"`) || !strings.Contains(errs, "1 movement differs") {
		t.Errorf("exit %d, %q, %q", code, out, errs)
	}
	odd := h.file("odd.csv", "No,Sum\nF1,\"7,000\"\n")
	code, _, errs = h.do("", append(args, "--file", odd)...)
	if code != exitSettings || !strings.Contains(errs, "--map") {
		t.Errorf("unknown columns: exit %d, %q", code, errs)
	}
	if code, out, errs = h.do("", append(args, "--file", odd, "--map", "amount=Sum", "--map", "order_no=No")...); code != exitUnsettled {
		t.Errorf("mapped: exit %d, %q, %q", code, out, errs)
	}
	bad := h.file("bad.csv", "주문번호,결제금액\nF1,much\n")
	code, _, errs = h.do("", append(args, "--file", bad)...)
	if code != exitSettings || !strings.Contains(errs, "bad.csv:2: cannot be read: no amount") {
		t.Errorf("bad line: exit %d, %q", code, errs)
	}
	for _, wrong := range [][]string{{"reconcile", "--event", "x"}, {"reconcile", "--day", "July"}, {"reconcile", "--day", "2027-07-01", "--event", "none"}, {"reconcile", "--day", "2027-07-01", "--file", file}} {
		if code, _, errs := h.do("", wrong...); code != exitSettings || !strings.HasPrefix(errs, "foyer: ") {
			t.Errorf("foyer %v: exit %d, %q", wrong, code, errs)
		}
	}
}
