/**
 * What an administrator does: users, access keys, buckets, garbage, verification. The routes of the admin API are made of
 * these in {@code deploy}.
 *
 * <p>Arrows: {@code layout}, {@code classes}, {@code auth}, {@code bucket}, {@code lifecycle}.
 */
package io.roost.objectstore.admin;
