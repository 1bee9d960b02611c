/**
 * Operations of multipart uploads, one class each.
 *
 * <p>Arrows: {@code object}, {@code bucket}, {@code classes}, {@code layout}, {@code xml}.
 */
package io.roost.objectstore.multipart;
