/**
 * Users and access keys in the system pool: looked up by the gateway for every request, changed by the admin API.
 *
 * <p>Arrows: {@code auth} (its port for keys), {@code classes}, {@code layout}, {@code cluster.client}.
 */
package io.roost.objectstore.user;
