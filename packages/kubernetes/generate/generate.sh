#!/bin/sh
# Regenerates ../src/schemas/*.json from the versions that go.mod pins. Needs Go.
set -eu
cd "$(dirname "$0")"
mkdir -p definitions
: > boilerplate.txt
trap 'rm -rf definitions boilerplate.txt' EXIT
go run k8s.io/kube-openapi/cmd/openapi-gen --go-header-file boilerplate.txt \
  --output-dir definitions --output-pkg reckon/kubernetes/generate/definitions \
  --output-file definitions.go --report-filename /dev/null \
  k8s.io/api/apps/v1 k8s.io/api/apps/v1beta2 k8s.io/api/authentication/v1 k8s.io/api/authorization/v1 \
  k8s.io/api/autoscaling/v1 k8s.io/api/autoscaling/v2 k8s.io/api/batch/v1 k8s.io/api/certificates/v1 \
  k8s.io/api/coordination/v1 k8s.io/api/core/v1 k8s.io/api/discovery/v1 k8s.io/api/events/v1 \
  k8s.io/api/extensions/v1beta1 k8s.io/api/networking/v1 k8s.io/api/networking/v1beta1 k8s.io/api/node/v1 \
  k8s.io/api/policy/v1 k8s.io/api/rbac/v1 k8s.io/api/scheduling/v1 k8s.io/api/storage/v1 \
  k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1 \
  k8s.io/apimachinery/pkg/apis/meta/v1 k8s.io/apimachinery/pkg/runtime \
  k8s.io/apimachinery/pkg/util/intstr k8s.io/apimachinery/pkg/api/resource
mkdir -p ../src/schemas
go run . ../src/schemas/schemas.json
go run ./protobuf ../src/schemas/protobuf-fields.json
kubernetes=$(go mod download -json k8s.io/kubernetes@v1.34.2 | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
go run ./roles "$kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata" ../src/bootstrap/default-roles.json
