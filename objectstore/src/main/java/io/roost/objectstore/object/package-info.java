/**
 * Operations on objects, one class each.
 *
 * <p>Arrows: {@code bucket}, {@code classes}, {@code layout}, {@code xml}, {@code cluster.client}.
 */
package io.roost.objectstore.object;
