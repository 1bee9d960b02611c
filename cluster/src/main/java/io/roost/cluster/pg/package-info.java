/**
 * One placement group: its part in every interval, the transactions in flight, the evaluation of object classes over them.
 * Pure: a placement group is a machine whose effects the OSD carries out.
 *
 * <p>Arrows: {@code pg.log}, {@code object}, {@code map}, {@code message}, {@code classes}, {@code store}, {@code machine}.
 */
package io.roost.cluster.pg;
