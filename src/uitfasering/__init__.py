"""What the letters on phasing out youth-care contracts mean for one toewijzing, decided by OPA."""
