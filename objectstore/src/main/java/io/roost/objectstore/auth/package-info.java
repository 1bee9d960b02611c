/**
 * Who is calling: AWS signatures version 4 (header, query, chunked) and, where an operator switches it on, version 2.
 *
 * <p>Two steps, because the secret is looked up between them: {@link io.roost.objectstore.auth.Authentication#of} reads
 * what a request claims and checks all that needs no secret; {@link io.roost.objectstore.auth.Authentication.Signed#verify}
 * proves it. The result says who it is and how the body is protected, which the body stage must then enforce.
 *
 * <p>Pure: no Vert.x, clocks, threads or static mutable state. Arrows: {@code objectstore} (its vocabulary) only.
 */
package io.roost.objectstore.auth;
