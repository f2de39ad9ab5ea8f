package store

import (
	"errors"
	"testing"
	"time"

	"foyer/registration"
)

const horse = "correct horse battery"

// codeOf is the code of a failure that a visitor may be told about, "" for anything else.
func codeOf(err error) registration.Code {
	e, _ := errors.AsType[*registration.Error](err)
	if e == nil {
		return ""
	}
	return e.Code
}

func (b *books) add(email string, role Role, slug, password string) {
	b.t.Helper()
	if err := b.AddStaff(b.t.Context(), email, role, slug, password); err != nil {
		b.t.Fatal(err)
	}
}

func TestStaffSignInByAddressInAnyForm(t *testing.T) {
	onBoth(t, func(b *books) {
		b.add(" Admin@Example.ORG ", RoleAdmin, "", horse)
		st, err := b.SignIn(b.t.Context(), "ADMIN@example.org", horse)
		if err != nil || st.Email != "admin@example.org" || st.Role != RoleAdmin || st.EventID != "" {
			b.t.Errorf("got %+v, %v", st, err)
		}
		_, wrong := b.SignIn(b.t.Context(), "admin@example.org", "wrong horse battery")
		_, stranger := b.SignIn(b.t.Context(), "nobody@example.org", horse)
		if codeOf(wrong) != registration.CodeInvalid || wrong.Error() != stranger.Error() {
			b.t.Errorf("wrong password: %v; unknown address: %v", wrong, stranger)
		}
	})
}

func TestAddingAgainChangesRoleAndPasswordAndEndsSessions(t *testing.T) {
	onBoth(t, func(b *books) {
		t, ctx := b.t, b.t.Context()
		event := b.event("sample-2027", registration.Test)
		b.add("a@example.org", RoleOwner, "", horse)
		st, err := b.SignIn(ctx, "a@example.org", horse)
		if err != nil {
			t.Fatal(err)
		}
		token, err := b.CreateSession(ctx, st.ID, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		link, err := b.CreateSignInLink(ctx, st.ID, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		b.add("a@example.org", RoleDesk, "sample-2027", "another horse battery")
		if _, err := b.Session(ctx, token); codeOf(err) != registration.CodeNotFound {
			t.Errorf("the old session: %v", err)
		}
		if _, err := b.UseSignInLink(ctx, link); codeOf(err) != registration.CodeNotFound {
			t.Errorf("the old link: %v", err)
		}
		if _, err := b.SignIn(ctx, "a@example.org", horse); codeOf(err) != registration.CodeInvalid {
			t.Errorf("the old password: %v", err)
		}
		now, err := b.SignIn(ctx, "a@example.org", "another horse battery")
		if err != nil || now.ID != st.ID || now.Role != RoleDesk || now.EventID != event {
			t.Errorf("got %+v, %v", now, err)
		}
		b.wantText(`SELECT COALESCE(from_state, '-') || '>' || to_state || ' ' || reason FROM audit WHERE what = 'staff' ORDER BY id`,
			"->owner a@example.org", "owner>desk a@example.org")
	})
}

func TestBadStaffIsRefused(t *testing.T) {
	onBoth(t, func(b *books) {
		ctx := b.t.Context()
		if err := b.AddStaff(ctx, "no address", RoleDesk, "", horse); !errors.Is(err, ErrEmail) {
			b.t.Errorf("address: %v", err)
		}
		if err := b.AddStaff(ctx, "a@example.org", "king", "", horse); !errors.Is(err, ErrRole) {
			b.t.Errorf("role: %v", err)
		}
		if err := b.AddStaff(ctx, "a@example.org", RoleDesk, "", "short"); !errors.Is(err, ErrPassword) {
			b.t.Errorf("password: %v", err)
		}
		if err := b.AddStaff(ctx, "a@example.org", RoleDesk, "nowhere", horse); codeOf(err) != registration.CodeNotFound {
			b.t.Errorf("event: %v", err)
		}
		b.wantText(`SELECT email FROM staff`)
	})
}

// wantText checks that a query gives these texts, one a row.
func (b *books) wantText(query string, want ...string) {
	b.t.Helper()
	rows, err := b.Rows(b.t.Context(), query)
	if err != nil {
		b.t.Fatal(err)
	}
	got, err := scanAll(rows, func(r scanner) (s string, err error) { return s, r.Scan(&s) })
	if err != nil {
		b.t.Fatal(err)
	}
	if len(got) != len(want) {
		b.t.Fatalf("%s: got %q, want %q", query, got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			b.t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

func TestRolesMayWhatTheyMay(t *testing.T) {
	tests := map[Role]struct{ refund, edit, export bool }{
		RoleOwner:     {true, true, true},
		RoleAdmin:     {true, true, true},
		RoleOrganizer: {false, true, true},
		RoleDesk:      {false, false, false},
		"":            {false, false, false},
	}
	for role, want := range tests {
		st := Staff{ID: "x", Role: role}
		if st.MayRefund() != want.refund || st.MayEdit() != want.edit || st.MayExport() != want.export {
			t.Errorf("%q: refund %v, edit %v, export %v", role, st.MayRefund(), st.MayEdit(), st.MayExport())
		}
	}
}

func TestStaffOfOneEventSeesNoOther(t *testing.T) {
	tests := map[string]struct {
		staff Staff
		want  bool
	}{
		"all events":  {Staff{ID: "x", Role: RoleOrganizer}, true},
		"this event":  {Staff{ID: "x", Role: RoleDesk, EventID: "one"}, true},
		"other event": {Staff{ID: "x", Role: RoleOwner, EventID: "two"}, false},
		"nobody":      {Staff{}, false},
	}
	for name, tc := range tests {
		if got := tc.staff.MaySee("one"); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
