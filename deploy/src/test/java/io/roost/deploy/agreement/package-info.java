/** Many sessions on one account, and whether all that they were answered is what a single model of it would have answered, in some order. */
package io.roost.deploy.agreement;
