// Gives what AllatPay's window has posted to the page that opened it, as AllatPay's own receive pages do, and closes the window. When
// there is no such page any more, the form goes to our return address itself.
'use strict';
(() => {
	const form = document.getElementById('main');
	const value = (name) => form.elements[name].value;
	const page = window.opener || (window.parent !== window ? window.parent : null);
	try {
		page.result_submit(value('allat_result_cd'), value('allat_result_msg'), value('allat_enc_data'));
		window.close();
	} catch {
		form.submit();
	}
})();
