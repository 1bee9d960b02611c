/**
 * What a gateway keeps of the records of a cluster, and how it learns that they have changed: a cache for each kind of
 * record, and the word that goes to all gateways before a change is answered.
 */
package io.roost.objectstore.cache;
