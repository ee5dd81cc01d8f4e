(feiten.segment IN ('basis', 'geen') AND feiten.handeling IN ('lopend', 'nieuw', 'verlenging'))
