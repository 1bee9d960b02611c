/** Round trips of real clients, each comparing bytes, metadata and listings. */
package io.roost.deploy.clients;
