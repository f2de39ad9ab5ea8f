package handlers

import (
	"fmt"
	"net/http"

	"foyer/registration"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// showSignInLink handles GET /sign-in/link?token=…: whom the one-time link lets in, and a button that does. It changes nothing.
func (o *office) showSignInLink(c echo.Context) error {
	token := c.QueryParam("token")
	if !isToken(token) {
		return o.linkGone(c)
	}
	st, err := o.cfg.Store.SignInLink(c.Request().Context(), token)
	if isCode(err, registration.CodeNotFound) {
		return o.linkGone(c)
	}
	if err != nil {
		return fmt.Errorf("read sign-in link: %w", err)
	}
	return o.render(c, http.StatusOK, views.SignInLink(views.SignInLinkPage{Page: signInFrame(c), Email: st.Email, Token: token}))
}

// submitSignInLink handles POST /sign-in/link: the link is used up, and of any number of posts one signs in.
func (o *office) submitSignInLink(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	token := form.raw("token")
	if !isToken(token) {
		return o.linkGone(c)
	}
	if !o.mayTry(c) {
		return echo.NewHTTPError(http.StatusTooManyRequests)
	}
	st, err := o.cfg.Store.UseSignInLink(c.Request().Context(), token)
	if isCode(err, registration.CodeNotFound) {
		return o.linkGone(c)
	}
	if err == nil {
		err = o.letIn(c, st, "link")
	}
	return orGo(c, err, "")
}

// linkGone answers for a link that lets nobody in: used, over or never made, all alike. Who is signed in already has used it.
func (o *office) linkGone(c echo.Context) error {
	if _, ok, err := o.who(c); err != nil || ok {
		return orGo(c, err, "")
	}
	return o.render(c, http.StatusGone, views.SignInLink(views.SignInLinkPage{Page: signInFrame(c), Gone: true}))
}
