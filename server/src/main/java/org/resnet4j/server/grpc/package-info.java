/**
 * The service {@code inference.GRPCInferenceService} of the Open Inference Protocol. The only package that knows the gRPC
 * library. Messages are read and written without generated code.
 *
 * @see <a href="https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/open_inference_grpc.proto">the
 *     messages</a>
 */
@NullMarked
package org.resnet4j.server.grpc;

import org.jspecify.annotations.NullMarked;
