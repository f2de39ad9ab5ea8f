package handlers

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// signedOutPath is where signing out leads.
const signedOutPath = views.SignInPath + "?signed_out=1"

// How often signing in may be tried in a minute. Staff are few: attendees' posts have a limit of a hundred times as much.
const (
	triesPerAddress = 12
	triesPerAccount = 6
)

// throttleWait is when somebody who tried too often may try again; by then the whole limit is there again.
const throttleWait = time.Minute

// signInForm is what signing in takes.
type signInForm struct {
	Email    string `form:"email" validate:"required"`
	Password string `form:"password" validate:"required"`
}

// showSignIn handles GET /sign-in, and /sign-in?token=… of a one-time link. It changes nothing.
func (o *office) showSignIn(c echo.Context) error {
	if c.QueryParam("token") != "" {
		return o.showSignInLink(c)
	}
	next := staffPath(c.QueryParam("next"))
	if _, ok, err := o.who(c); err != nil || ok {
		return orGo(c, err, next)
	}
	return o.render(c, http.StatusOK, views.SignIn(views.SignInPage{
		Page: signInFrame(c), Next: next, SignedOut: c.QueryParam("signed_out") != "",
	}))
}

// submitSignIn handles POST /sign-in. A wrong address and a wrong password have the same answer, after the same time.
func (o *office) submitSignIn(c echo.Context) error {
	posted, err := readForm(c)
	if err != nil {
		return err
	}
	f := signInForm{Email: posted.email("email"), Password: posted.raw("password")}
	page := views.SignInPage{Page: signInFrame(c), Email: f.Email, Next: staffPath(posted.raw("next"))}
	if page.Problems, err = staffProblems("signin", f); err != nil || len(page.Problems) > 0 {
		return o.refuseSignIn(c, page, err)
	}
	if !o.mayTry(c) || !o.mayTryAs(c, f.Email) {
		return o.throttle(c, page)
	}
	st, err := o.cfg.Store.SignIn(c.Request().Context(), f.Email, f.Password)
	if isCode(err, registration.CodeInvalid) {
		o.noteRefused(c.Request().Context(), f.Email)
		page.Problems = []views.Problem{{Field: "email", Key: "signin.refused"}}
		return o.refuseSignIn(c, page, nil)
	}
	if err == nil {
		err = o.letIn(c, st, "password")
	}
	return orGo(c, err, page.Next)
}

func (o *office) refuseSignIn(c echo.Context, page views.SignInPage, err error) error {
	if err != nil {
		return err
	}
	return o.render(c, http.StatusUnprocessableEntity, views.SignIn(page))
}

// orGo sends somebody who is signed in to the page that they asked for, or to the console.
func orGo(c echo.Context, err error, next string) error {
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	if next == "" {
		next = views.ConsolePath
	}
	return goTo(c, next)
}

// mayTry counts a try to sign in from the visitor's address, and reports whether that is within the limit.
func (o *office) mayTry(c echo.Context) bool {
	return !o.cfg.Rate || o.byAddress.allow(bucketOf(c.RealIP()), o.cfg.Now())
}

// mayTryAs counts a try to sign in to an account, and reports whether that is within the limits: a strict one for the account from one
// address, so that a stranger cannot lock its owner out, and a loose one from wherever.
func (o *office) mayTryAs(c echo.Context, email string) bool {
	account, now := store.Hash(strings.ToLower(email)), o.cfg.Now()
	return !o.cfg.Rate || (o.byAccount.allow(account+" "+bucketOf(c.RealIP()), now) && o.anywhere.allow(account, now))
}

// throttle answers who tried too often.
func (o *office) throttle(c echo.Context, page views.SignInPage) error {
	c.Response().Header().Set("Retry-After", fmt.Sprint(int(throttleWait.Seconds())))
	page.Wait, page.Zone = o.cfg.Now().Add(throttleWait), seoul()
	return o.render(c, http.StatusTooManyRequests, views.SignIn(page))
}

// seoul is the zone in which times of no event are shown.
func seoul() *time.Location {
	zone, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		return time.UTC
	}
	return zone
}

// noteRefused writes a refused try down. What was typed is kept only when it is the address of somebody: it may be a password in the
// wrong field.
func (o *office) noteRefused(ctx context.Context, email string) {
	st, err := o.cfg.Store.StaffByEmail(ctx, email)
	if isCode(err, registration.CodeNotFound) {
		err = nil
	}
	if err == nil {
		act := store.StaffAct{Actor: payments.ActorSystem, Act: "sign_in_refused", EventID: st.EventID}
		if st.Email != "" {
			act.Reason = "as " + st.Email
		}
		err = o.cfg.Store.NoteStaff(ctx, act)
	}
	if err != nil {
		o.cfg.Log.WarnContext(ctx, "refused sign-in not noted", "error", err)
	}
}

// signInFrame is what the pages of signing in have around them.
func signInFrame(c echo.Context) views.Page {
	return views.Page{Lang: langOf(c), Path: c.Request().URL.RequestURI(), Private: true, NoSwitch: c.Request().Method == http.MethodPost}
}

// staffProblems is problemsOf for the staff's forms, whose words for a field that was left empty are {prefix}.{field}_missing.
func staffProblems(prefix string, filled any) ([]views.Problem, error) {
	list, err := problemsOf(prefix, filled)
	for i, p := range list {
		if key := prefix + "." + p.Field + "_missing"; p.Key == "form.required" && views.Has(registration.English, key) {
			list[i].Key = key
		}
	}
	return list, err
}

// triesAnywhere is how many tries a minute one account may see from all addresses together.
const triesAnywhere = 60
