//go:build tools

// Pins the modules whose types the schemas are made of, and the program that reads them.
package main

import (
	_ "k8s.io/api/apps/v1"
	_ "k8s.io/api/autoscaling/v1"
	_ "k8s.io/api/core/v1"
	_ "k8s.io/api/discovery/v1"
	_ "k8s.io/api/extensions/v1beta1"
	_ "k8s.io/api/networking/v1"
	_ "k8s.io/api/networking/v1beta1"
	_ "k8s.io/api/policy/v1"
	_ "k8s.io/kube-openapi/cmd/openapi-gen"
)
