/**
 * What can be named and done: locators, entries, versions, mutations, checksummed data, and the byte codec they share.
 * Pure; depends on nothing else of Roost.
 */
package io.roost.cluster.object;
