package io.roost.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Asks {@link RoostExtension} for the name of a new, empty bucket of this test alone, removed after it with all that is in
 * it. Within a test (its constructor, its {@code @BeforeEach} and {@code @AfterEach} methods and itself) parameters with
 * the same label are the same bucket. A parameter of a {@code @BeforeAll} or {@code @AfterAll} method is a bucket of the
 * class.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface RoostBucket {
    /** Tells several buckets of one test apart. */
    String value() default "";
}
