/**
 * A real S3 server in tests: {@link io.roost.junit.RoostServer} starts it in this process,
 * {@link io.roost.junit.RoostExtension} gives it to tests of JUnit 5.
 *
 * <p>Arrows: deploy. The AWS SDK may be missing from the class path: only AwsSdkClients names its types.
 */
package io.roost.junit;
