package handlers

import (
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// office is the staff's side of a Server: who is signed in, how often signing in was tried, and whether a list is being taken out.
type office struct {
	*Server
	sessions  *serverSessions
	byAddress *limiter
	byAccount *limiter      // one account, from one address
	anywhere  *limiter      // one account, wherever from
	exporting chan struct{} // has room for the one export that may run
}

func newOffice(s *Server) *office {
	return &office{
		Server: s, sessions: newServerSessions(staffRows{s.cfg.Store}, "/", sessionLife, s.https),
		byAddress: newLimiter(triesPerAddress), byAccount: newLimiter(triesPerAccount),
		anywhere: newLimiter(triesAnywhere), exporting: make(chan struct{}, 1),
	}
}

// staffRoutes adds the pages of organizers and administrators.
func (s *Server) staffRoutes() {
	o := newOffice(s)
	s.office = o
	s.page(views.SignInPath, private(o.showSignIn))
	s.echo.POST(views.SignInPath, private(o.submitSignIn))
	s.page(views.SignInLinkPath, private(o.showSignInLink))
	s.echo.POST(views.SignInLinkPath, private(o.submitSignInLink))
	s.echo.POST(views.SignOutPath, private(o.submitSignOut))
	s.page(views.ConsolePath, private(o.signedIn(o.showConsole)))
	o.consoleRoutes()
	o.adminRoutes()
	o.channelRoutes()
}

// consoleRoutes are the pages about a whole event.
func (o *office) consoleRoutes() {
	see := store.Staff.MayEdit
	o.page("/console/:event", private(o.at(see, o.showConsoleEvent)))
	o.page("/console/:event/orders", private(o.at(see, o.showConsoleOrders)))
	o.echo.GET("/console/:event/export", private(o.at(store.Staff.MayExport, o.exportOrders)))
	o.page("/console/:event/attention", private(o.at(see, o.showAttention)))
	o.echo.POST("/console/:event/attention/:entry", private(o.at(store.Staff.MayRefund, o.closeStranger)))
	o.page("/console/:event/vouchers", private(o.at(see, o.showVouchers)))
	o.echo.POST("/console/:event/vouchers", private(o.at(see, o.submitVouchers)))
	o.echo.POST("/console/:event/vouchers/remove", private(o.at(see, o.removeVoucher)))
	o.paperRoutes(see)
	o.handmadeRoutes(see)
	o.echo.GET("/console/:event/vouchers.csv", private(o.at(store.Staff.MayExport, o.exportVouchers)))
	o.page("/console/:event/evidence", private(o.at(see, o.showEvidence)))
	o.echo.POST("/console/:event/evidence", private(o.at(see, o.decideEvidence)))
	o.echo.GET("/console/:event/files/:file", private(o.at(see, o.showFile)))
	o.page("/console/:event/members", private(o.at(see, o.showMembers)))
	o.echo.POST("/console/:event/members", private(o.at(see, o.uploadMembers)))
	o.echo.POST("/console/:event/members/replace", private(o.at(see, o.replaceMembers)))
	o.page("/console/:event/waiting", private(o.at(see, o.showWaitingList)))
	o.echo.POST("/console/:event/waiting/offer", private(o.at(see, o.offerWaiting)))
	o.echo.POST("/console/:event/waiting/remove", private(o.at(see, o.removeWaiting)))
	o.echo.POST("/console/:event/waiting/pause", private(o.at(see, o.pauseWaiting)))
	o.echo.GET("/console/:event/waiting.csv", private(o.at(store.Staff.MayExport, o.exportWaiting)))
	o.setupRoutes()
	o.page("/console/:event/audit", private(o.at(see, o.showAudit)))
}

// channelRoutes are the pages of an event's channels, for those who may move money.
func (o *office) channelRoutes() {
	const list, one = "/admin/:event/channels", "/admin/:event/channels/:channel"
	at := func(do func(*visit) error) echo.HandlerFunc { return private(o.at(store.Staff.MayRefund, do)) }
	o.page(list, at(o.showChannels))
	o.page(one, at(o.showChannel))
	o.echo.POST(one+"/keys", at(o.submitKeys))
	o.echo.POST(one+"/test", at(o.submitTest))
	o.echo.POST(one+"/check", at(o.beginCheck))
	o.page(one+"/reconcile", at(o.showReconcile))
	o.echo.POST(one+"/reconcile", at(o.submitReconcile))
	o.echo.POST(one+"/reconcile/file", at(o.uploadSettlement))
	o.echo.POST(one+"/reconcile/columns", at(o.submitSettlement))
}

// adminRoutes are the page of one order, and what administrators do there.
func (o *office) adminRoutes() {
	const order = "/admin/:event/orders/:code"
	money := store.Staff.MayRefund
	o.page(order, private(o.at(store.Staff.MayEdit, o.showAdminOrder)))
	o.echo.POST(order+"/refund/:payment", private(o.at(money, o.checkRefund)))
	o.echo.POST(order+"/refund/:payment/confirm", private(o.at(money, o.confirmRefund)))
	for _, about := range []string{"/declare/:payment", "/declare-refund/:refund"} {
		o.echo.POST(order+about, private(o.at(money, o.checkDeclare)))
		o.echo.POST(order+about+"/confirm", private(o.at(money, o.confirmDeclare)))
	}
	o.echo.POST(order+"/refund-account/:refund", private(o.at(money, o.setRefundAccount)))
	o.echo.POST(order+"/person/:registration", private(o.at(store.Staff.MayEdit, o.correctPerson)))
	o.page(order+"/details/:registration", private(o.at(store.Staff.MayEdit, o.showDetailsForm)))
	o.echo.POST(order+"/details/:registration", private(o.at(store.Staff.MayEdit, o.submitDetailsForm)))
	const change = order + "/change/:registration"
	o.page(change, private(o.at(store.Staff.MayEdit, o.showStaffChange)))
	o.echo.POST(change, private(o.at(store.Staff.MayEdit, o.checkStaffChange)))
	o.echo.POST(change+"/confirm", private(o.at(store.Staff.MayEdit, o.confirmStaffChange)))
	o.echo.POST(order+"/withdraw", private(o.at(money, o.withdrawChange)))
	o.echo.POST(order+"/link", private(o.at(money, o.renewLink)))
	o.echo.POST(order+"/mail", private(o.at(store.Staff.MayEdit, o.sendMailAgain)))
	o.echo.POST(order+"/cancel", private(o.at(money, o.checkCancel)))
	o.echo.POST(order+"/cancel/confirm", private(o.at(money, o.confirmStaffCancel)))
	o.echo.POST(order+"/lookup/:payment", private(o.at(money, o.lookUpPayment)))
	o.echo.POST(order+"/attention/:entry", private(o.at(money, o.closeAttention)))
}
