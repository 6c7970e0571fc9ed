"""Venues: QR codes that people scan, and clusters of cases where they did, after Cléa.

Source: "The Cluster Exposure Verification (Cléa) Protocol", specification v0.
"""
