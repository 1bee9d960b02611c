/**
 * The ports of {@code store} on RocksDB and on files. Nothing else of Roost touches RocksDB.
 *
 * <p>Arrows: {@code store}, {@code object}, {@code classes} (miss signal).
 */
package io.roost.cluster.store.rocksdb;
