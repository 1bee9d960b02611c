/**
 * The HTTP edge of the gateway on Vert.x: authenticate, route, authorise, operate, answer.
 *
 * <p>Arrows: {@code auth}, {@code bucket}, {@code object}, {@code multipart}, {@code xml}; nothing but {@code deploy}
 * points here.
 */
package io.roost.objectstore.http;
