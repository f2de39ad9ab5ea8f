// Sends the window's result to the merchant's receive page, as AllatPay's window does.
"use strict";
document.getElementById("post").submit();
